/** `2026-11-28 18:45 UTC`, of a time in ISO 8601. */
export const minuteOf = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
