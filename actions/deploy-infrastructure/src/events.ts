import type { StackEvent, Stacks } from './ports.ts'

export type News = {
  /**
   * `unseen`: it has not begun as far as can be seen. `others`: nor has it, and what somebody else began has no end yet.
   * `overtaken`: it had begun, and somebody has begun something else since.
   */
  state: 'begun' | 'unseen' | 'others' | 'overtaken'
  /** Those of the operation that were not told yet, oldest first. */
  events: StackEvent[]
  /** One of them is the end of the operation, or of a part of it. */
  isEnd: boolean
}

/** Looks again and again at what CloudFormation tells of one operation; events of another one are none of it. */
export const eventsOf = (stacks: Stacks, { stackId, token }: { stackId: string; token: string }) => {
  const seen = new Set<string>()
  let begun = false
  const isEndOf = (event: StackEvent): boolean => isOfStack(event, stackId) && isOver(event)
  return async (): Promise<News> => {
    let isForeign = false
    const found = await stacks.events(stackId, (event) => {
      isForeign = isStart(event, stackId) && event.token !== token
      return isForeign || seen.has(event.id)
    })
    if (begun && isForeign) return { state: 'overtaken', events: [], isEnd: false }
    const start = found.findIndex((event) => isStart(event, stackId))
    begun ||= start >= 0
    if (!begun) return { state: isForeign && !found.some(isEndOf) ? 'others' : 'unseen', events: [], isEnd: false }
    const news = start < 0 ? found : found.slice(0, start + 1)
    for (const { id } of news) seen.add(id)
    return { state: 'begun', events: news.toReversed(), isEnd: news.some(isEndOf) }
  }
}

/** The newest of all, whatever it belongs to. */
export const newestEvent = async (stacks: Stacks, stackId: string): Promise<StackEvent | undefined> => {
  let isFirst = true
  const [newest] = await stacks.events(stackId, () => {
    const enough = !isFirst
    isFirst = false
    return enough
  })
  return newest
}

export const isOver = (found: { status: string } | undefined): boolean =>
  found === undefined || !found.status.endsWith('_IN_PROGRESS')

const isStart = (event: StackEvent, stackId: string): boolean =>
  isOfStack(event, stackId) && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(event.status)

const isOfStack = ({ physicalId, type }: StackEvent, stackId: string): boolean =>
  type === 'AWS::CloudFormation::Stack' && physicalId === stackId
