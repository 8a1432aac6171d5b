/** The project's repository. */
export const repository = 'https://github.com/podwright/podwright';

/** The documentation page of a rule. */
export const rulePage = (id: string): string => `${repository}/blob/main/docs/rules/${id}.md`;
