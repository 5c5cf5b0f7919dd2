const HOST =
  /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z]{2,4}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|on\.aws)$/
const REFERENCE =
  /^(?<host>[^/]+)\/(?<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/

/** An image in a private ECR registry. At least one of tag and digest is usually there; a bare repository has neither. */
export type ImageReference = {
  host: string
  account: string
  region: string
  /** Name of the repository, `shop/app`. */
  name: string
  tag?: string
  digest?: string
}

/** Reads `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME[:TAG][@DIGEST]`; undefined where the text is anything else. */
export const parseImage = (text: string): ImageReference | undefined => {
  const { host = '', name = '', tag, digest } = REFERENCE.exec(text)?.groups ?? {}
  const { account, region } = HOST.exec(host)?.groups ?? {}
  if (account === undefined || region === undefined) return undefined
  return { host, account, region, name, ...(tag && { tag }), ...(digest && { digest }) }
}

/** `registry/repository@digest`: the only form that is ever deployed. */
export const pinned = (repository: string, digest: string): string => `${repository}@${digest}`

export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text)

/** What people read: the first twelve digits, as Docker prints them. */
export const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12)
