import { clientsOf, type Keys, type Subject } from '../subject.ts'

/** What a run against AWS needs to be told; credentials come from the SDK's usual places. */
export type AwsOptions = {
  /** The account that the caller expects the credentials to be of. */
  account: string
  region: string
  /** A subnet with a way to the internet, for tasks on Fargate. Without it no rule that runs containers is asked. */
  subnet?: string | undefined
  /** A running Linux instance with a current agent. Without it no rule that runs a command is asked. */
  instance?: string | undefined
}

const image = 'public.ecr.aws/docker/library/busybox:stable'

/**
 * AWS itself. It makes repositories, parameters, log groups, services, documents and tasks under names of its own and removes them when it is
 * closed, the newest first; it costs some cents. Rules about roles and about a second account are not asked: they need both to be set up.
 */
export const awsSubject = async ({ account, region, subnet, instance }: AwsOptions): Promise<Subject> => {
  const clients = clientsOf(account, region, undefined)
  const { Account } = await clients.sts.getCallerIdentity({})
  if (Account !== account) throw new Error(`the credentials are of account ${Account}, not of ${account}`)
  const undoing: (() => Promise<unknown>)[] = []
  const host = `${account}.dkr.ecr.${region}.amazonaws.com`
  return {
    ...clients,
    name: 'AWS',
    region,
    has: [
      'registry',
      ...(subnet === undefined ? [] : ['containers' as const]),
      ...(instance === undefined ? [] : ['hosts' as const]),
    ],
    ...(instance !== undefined && { instance }),
    registry: () => ({ url: `https://${host}`, host }),
    signedBy: (keys: Keys) => clientsOf(account, region, keys).sts,
    image,
    subnet: subnet ?? '',
    poll: 2_000,
    patience: 30 * 60_000,
    afterwards: (undo) => undoing.push(undo),
    close: async () => {
      for (const undo of undoing.reverse()) await undo().catch((error: unknown) => console.error(`left behind: ${error}`))
    },
  }
}
