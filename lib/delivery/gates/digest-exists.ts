import type { Gate } from './gate.ts'

export type Wanted = { name: string; tag: string; digest?: string | undefined }
type Branches = { upstream: string; own: string }

/** What is promoted is in the registry already: a promotion builds nothing. */
export const digestExists = (images: readonly Wanted[], { upstream, own }: Branches): Gate => {
  const evidence = Object.fromEntries(images.map(({ name, tag, digest }) => [`${name}:${tag}`, digest ?? 'not in the registry']))
  const missing = images.filter(({ digest }) => digest === undefined).map(({ name, tag }) => `${name} (${tag})`)
  if (missing.length === 0) return { gate: 'digest-exists', result: 'pass', reason: 'the registry has every image', evidence }
  const reason =
    `no image was ever built from this tree: ${missing.join(', ')}; branch ${own} has something that ${upstream} has not. ` +
    `Bring it back first: gh pr create --base ${upstream} --head ${own}`
  return { gate: 'digest-exists', result: 'fail', reason, evidence }
}
