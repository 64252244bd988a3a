/** Name of a panel's query by its position: A to Z, then AA and so on, as Grafana counts. */
export function refId(index: number): string {
  const letter = String.fromCharCode('A'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : `${refId(Math.floor(index / 26) - 1)}${letter}`;
}
