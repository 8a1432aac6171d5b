/** The user of an image as a number or a name, as a policy states it. Other tools of containers would accept more. */
export const imageUserPattern = '^([0-9]{1,10}|[A-Za-z_][-A-Za-z0-9_.]{0,31})$';
/** The highest number of a user that the API server accepts. */
export const highestUser = 2 ** 31 - 1;

/** Whether a policy can state this user. */
export const isImageUser = (user: number | string): boolean =>
  new RegExp(imageUserPattern).test(String(user)) && (typeof user === 'string' || user <= highestUser);
