const leastMillicores = 10;
const leastMebibytes = 16;

/** Cores, rounded up in steps of 5m, from 100m on of 10m, and from 1 on of 100m; at least 10m. */
export function cpuQuantity(cores: number): string {
  const millicores = roundedUp(cores * 1000, leastMillicores, (amount) =>
    amount < 100 ? 5 : amount < 1000 ? 10 : 100,
  );
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

/** Bytes, rounded up in steps of 1Mi, from 128Mi on of 8Mi, and from 1Gi on of 64Mi; at least 16Mi. */
export function memoryQuantity(bytes: number): string {
  const mebibytes = roundedUp(bytes / 2 ** 20, leastMebibytes, (amount) => (amount < 128 ? 1 : amount < 1024 ? 8 : 64));
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

function roundedUp(amount: number, least: number, stepFor: (amount: number) => number): number {
  // without the noise of floating point, by which 100 * 1.2 is more than 120
  const exact = Math.max(least, Math.round(amount * 10_000) / 10_000);
  const step = stepFor(exact);
  return Math.ceil(exact / step) * step;
}
