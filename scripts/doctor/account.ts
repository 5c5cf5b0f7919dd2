import type { Seen } from '../setup/observed.ts'

export type Parameter = { name: string; value: string; type: string }

/** What the doctor asks of one AWS account. `undefined` is what does not exist; `unseen` what these credentials may not read. */
export type Account = {
  /** Client ids of GitHub's OIDC provider. */
  provider(arn: string): Promise<Seen<string[] | undefined>>
  /** The trust policy of a role, as a document. */
  trust(role: string): Promise<Seen<unknown>>
  /** Those of the SSM parameters that exist; a SecureString's value stays encrypted. */
  parameters(region: string, names: string[]): Promise<Seen<Parameter[]>>
  /** Whether the tags of an ECR repository can be moved. */
  tagMutability(region: string, repository: string): Promise<Seen<string | undefined>>
  /** Which of these cost-allocation tags are active; AWS answers the payer's account only. */
  activeCostTags(keys: string[]): Promise<Seen<string[]>>
}

/** Accounts by their number; those that no credentials lead to are not there. */
export type Accounts = Map<string, Account>
