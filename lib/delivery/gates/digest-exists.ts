import { type Branches, bringBack } from './bring-back.ts'
import type { Gate } from './gate.ts'

export type Wanted = { name: string; tag: string; digest?: string | undefined }

/** What is promoted is in the registry already: a promotion builds nothing. */
export const digestExists = (images: readonly Wanted[], branches: Branches): Gate => {
  const evidence = Object.fromEntries(images.map(({ name, tag, digest }) => [`${name}:${tag}`, digest ?? 'not in the registry']))
  const missing = images.filter(({ digest }) => digest === undefined).map(({ name, tag }) => `${name} (${tag})`)
  if (missing.length === 0) return { gate: 'digest-exists', result: 'pass', reason: 'the registry has every image', evidence }
  const { upstream, own } = branches
  const reason =
    `no image was ever built from this tree: ${missing.join(', ')}; branch ${own} has something that ${upstream} has not. ` +
    `Bring it back first: ${bringBack(branches)}`
  return { gate: 'digest-exists', result: 'fail', reason, evidence }
}

/** What stood here or upstream before may have been expired by the registry's lifecycle rules. */
export const digestKept = (images: readonly Wanted[], remedy: string): Gate => {
  const evidence = Object.fromEntries(images.map(({ name, tag, digest }) => [`${name}:${tag}`, digest ?? 'not in the registry']))
  const missing = images.filter(({ digest }) => digest === undefined).map(({ name, tag }) => `${name} (${tag})`)
  if (missing.length === 0) return { gate: 'digest-exists', result: 'pass', reason: 'the registry has every image', evidence }
  const reason = `the registry no longer has ${missing.join(', ')}; ${remedy}`
  return { gate: 'digest-exists', result: 'fail', reason, evidence }
}
