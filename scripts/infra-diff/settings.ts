import type { Stack } from './assembly.ts'

/** What changes of a stack beside its template: CloudFormation keeps it with the stack, and `cdk diff` does not look at it. */
export const settingsChanged = (name: string, before: Stack, after: Stack): { lines: string[]; destructive: string[] } => {
  const lines: string[] = []
  const destructive: string[] = []
  if (before.environment !== after.environment) {
    const words = `is made anew in ${after.environment}; what is in ${before.environment} stays there until somebody deletes it`
    destructive.push(`${name}: ${words}`)
    lines.push(words)
  }
  if (before.isProtected && !after.isProtected) destructive.push(`${name}: is no longer protected from deletion`)
  if (before.isProtected !== after.isProtected) lines.push(`termination protection: ${after.isProtected ? 'on' : 'off'}`)
  for (const key of [...new Set([...Object.keys(before.tags), ...Object.keys(after.tags)])].toSorted()) {
    const [old, now] = [before.tags[key], after.tags[key]]
    if (old !== now) lines.push(`tag ${key}: ${old ?? 'none'} → ${now ?? 'none'}`)
  }
  return { lines, destructive }
}
