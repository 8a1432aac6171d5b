/** A kind of secret that is recognized by its form, under any name of the variable. */
interface Form {
  /** Its description, with the article. */
  readonly what: string;
  readonly pattern: RegExp;
  /** Names of variables in which the form is no secret. */
  readonly unless?: RegExp;
}

// each pattern starts at something rare or is bounded, so that a value is read in linear time; a group is the secret
const forms: readonly Form[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z\d]{1,20} ){0,3}PRIVATE KEY/ },
  {
    what: 'an AWS access key',
    pattern: /(?<![A-Z\d])(A[KS]IA(?![A-Z\d]{9}EXAMPLE)[A-Z\d]{16})(?![A-Z\d])/,
    // the ID of a key is not secret where its name says that it is one
    unless: /ID\d*$/i,
  },
  { what: 'a GitHub token', pattern: /(?<!\w)(?:gh[pousr]_([A-Za-z\d]{30,})|github_pat_(\w{22,}))/ },
  { what: 'a GitLab token', pattern: /(?<![\w-])glpat-([\w-]{20,})/ },
  { what: 'a Slack token', pattern: /(?<![\w-])xox[abprs]-([\w-]{10,})/ },
  { what: 'a JSON Web Token', pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.([\w-]{8,})/ },
  { what: 'a bearer token', pattern: /(?<!\w)bearer(?: |%20)(?=[^\s\d]{0,64}\d)([\w.~+/=-]{8,})/i },
  { what: 'a URL with a password', pattern: /:\/\/[^\s/?#@:'"]{0,256}:(?!\d+,)([^\s/@'"]{1,256})@/ },
  { what: 'a data source with a password', pattern: /^[^\s:@/]{1,128}:([^\s@/]{1,256})@(?:tcp|unix|udp)\(/ },
];

/** Settings that mark a text as a connection string, in which `password=` is a setting as well. */
const connection =
  /(?:^|[;?&\s])(?:host|server|data source|addr|address|network address|user|user id|uid|username|dbname|database|initial catalog|accountname|endpoint)\s?=/i;
const passwordSetting = /(?:^|[;?&\s])(?:password|pwd|accountkey|sharedaccesskey)\s?=\s?('[^']*'|"[^"]*"|[^;&\s]+)/gi;

/** What each of the forms and each connection string with a password contains, and hardly any other value. */
const mark = /@|-----BEGIN|A[KS]IA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|eyJ|bearer|(?:password|pwd|key)\s?=/i;

/**
 * The secret that the value certainly contains, in words for a message; undefined if it contains none, or a placeholder
 * that is filled in later. `changeme` counts as a password, because the program accepts it.
 */
export function secretIn(name: string, value: string): string | undefined {
  if (!mark.test(value)) return undefined;
  const form = forms.find(({ pattern, unless }) => {
    const [whole, ...groups] = pattern.exec(value) ?? [];
    return whole !== undefined && !unless?.test(name) && !isFilledIn(groups.find((group) => group) ?? whole);
  });
  if (form !== undefined) return form.what;
  if (!connection.test(value)) return undefined;
  for (const [, password = ''] of value.matchAll(passwordSetting))
    if (!isFilledIn(password.replace(/^(["'])(.*)\1$/, '$2'))) return 'a connection string with a password';
  return undefined;
}

/** Whether something else stands where the secret will be: a reference, a template or a mask. */
const isFilledIn = (text: string): boolean =>
  /^$|\$\(|\$\{|^\$\w|\{\{|\}\}|^\{\w*\}$|^<.*>$|^%[sv]$|^%\(|^\/[\w./-]*$/.test(text) ||
  /^(.)\1*$/.test(text) ||
  /^(?:redacted|placeholder)$/i.test(text);
