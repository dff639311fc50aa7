/** "—": not measured, and why, on hover and to a screen reader. Zero is a measurement and never shown so. */
export function NotMeasured({ why }: { readonly why: string }) {
  return (
    <span title={why}>
      <span aria-hidden="true">—</span>
      <span className="visually-hidden">{why}</span>
    </span>
  );
}
