/** Branches on the way of a promotion. */
export type Branches = {
  /** Branch of the environment that is promoted from. */
  upstream: string
  /** Branch of the environment that is promoted to. */
  own: string
  /** Branch where images enter; that of upstream, where it is left out. */
  entry?: string
  /** Whether a hotfix may go there. */
  isLast?: boolean
}

/** The commands by which a tree that is only downstream gets into the chain, or past it. */
export const bringBack = ({ entry, upstream, own, isLast = false }: Branches): string => {
  const command = `gh pr create --base ${entry ?? upstream} --head ${own}`
  return isLast ? `${command}; if it cannot wait: ${hotfixCommand(own)}` : command
}

export const hotfixCommand = (branch: string): string => `gh workflow run hotfix.yml --ref ${branch} -f reason=WHY`
