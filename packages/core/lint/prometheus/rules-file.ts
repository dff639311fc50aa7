/** A file of Prometheus rules as it was read. */

export interface PrometheusRule {
  /** A recording rule, or an alert. */
  readonly kind: 'record' | 'alert';
  /** Of the metric that is recorded, or of the alert. */
  readonly name: string;
  readonly expression: string;
  /** Where a word that begins at `index` of the expression stands in the file. */
  placeOf(word: string, index: number): { readonly line: number; readonly column: number };
}

export interface PrometheusRules {
  readonly rules: readonly PrometheusRule[];
  /** Those of the other files that the same Prometheus reads, as far as they are known. */
  readonly beside: readonly PrometheusRule[];
}
