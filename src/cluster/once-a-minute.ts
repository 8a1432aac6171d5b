const minuteMs = 60_000;

/** Runs what it is given at most once a minute for the same reason: for failures that are tried again all the time. */
export function onceAMinute(): (reason: string, say: () => void) => void {
  const said = new Map<string, number>();
  return (reason, say) => {
    const now = performance.now();
    if (now - (said.get(reason) ?? Number.NEGATIVE_INFINITY) < minuteMs) return;
    for (const [old, at] of said) if (now - at >= minuteMs) said.delete(old);
    said.set(reason, now);
    say();
  };
}
