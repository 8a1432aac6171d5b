/** Prometheus could not be asked or gave no usable answer; `message` describes it in one line. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';

  constructor(message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s+/g, ' ').trim(), options);
  }
}
