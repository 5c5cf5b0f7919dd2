/** Nothing was changed, and why. Every check that runs before the first write ends in one of these. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
