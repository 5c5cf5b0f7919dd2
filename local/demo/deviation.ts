/** Something went another way than the demonstration claims. The message says what was expected and what came instead. */
export class Deviation extends Error {}

/** Ends the demonstration unless that which it shows is true. */
export function expect(condition: boolean, expected: string, came: unknown): asserts condition {
  if (!condition) throw new Deviation(`expected ${expected}, but ${typeof came === 'string' ? came : JSON.stringify(came)}`)
}
