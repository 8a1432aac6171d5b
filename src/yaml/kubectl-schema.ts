import { type ScalarTag, Schema } from 'yaml';

/**
 * How kubectl reads scalars (sigs.k8s.io/yaml on go-yaml v2, resolve.go): booleans of YAML 1.1 (`yes`, `off`, `y`),
 * octal and underscores in numbers, but neither sexagesimal numbers nor timestamps, which stay text.
 */
const booleans: ScalarTag[] = [
  booleanTag(true, /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/),
  booleanTag(false, /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/),
];

const numbers: ScalarTag[] = ['int', 'float'].map((name) => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test: /^[-+.\d]/,
  resolve: (source) => numberFrom(source) ?? source,
}));

const binary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (source) => Buffer.from(source, 'base64').toString(),
};

/** For every document of every stream: it holds no state. Merge keys are left to the conversion. */
export const kubectlSchema = new Schema({
  schema: 'failsafe',
  customTags: (failsafe) => [...failsafe, 'null', ...booleans, ...numbers, binary],
  resolveKnownTags: false,
});

const integer = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const special: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap((text) => [
    [text, Number.POSITIVE_INFINITY] as const,
    [`+${text}`, Number.POSITIVE_INFINITY] as const,
    [`-${text}`, Number.NEGATIVE_INFINITY] as const,
  ]),
]);

/** Integers are read in every base that Go knows; whatever leaves the range of 64 bits is a float or text. */
function numberFrom(source: string): number | undefined {
  const named = special.get(source);
  if (named !== undefined) return named;
  const text = source.replaceAll(source.startsWith('.') ? /(?<=\d)_(?=\d)/g : '_', '');
  if (integer.test(text)) {
    const digits = text.replace(/^[-+]/, '').replace(/^0(?=\d)/, '0o');
    const amount = BigInt(digits);
    if (amount < 1n << 64n) return text.startsWith('-') && amount > 0n ? -Number(amount) : Number(amount);
  }
  const amount = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(amount) ? amount : undefined;
}

function booleanTag(value: boolean, test: RegExp): ScalarTag {
  return { tag: 'tag:yaml.org,2002:bool', default: true, test, resolve: () => value };
}
