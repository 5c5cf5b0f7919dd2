const whole = (text: string | undefined, fallback: number): number => {
  const value = Number(text)
  return Number.isInteger(value) && value > 0 ? value : fallback
}

/** One page of a list, 30 entries unless `per_page` says otherwise (100 at most), and the Link header that leads on. */
export const page = <T>(list: T[], url: URL): { entries: T[]; link: string | undefined } => {
  const size = Math.min(whole(url.searchParams.get('per_page') ?? undefined, 30), 100)
  const number = whole(url.searchParams.get('page') ?? undefined, 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const to = (target: number, relation: string): string => {
    const address = new URL(url)
    address.searchParams.set('page', String(target))
    return `<${address}>; rel="${relation}"`
  }
  const links = [
    ...(number > 1 ? [to(number - 1, 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first')] : []),
  ]
  return { entries: list.slice((number - 1) * size, number * size), link: links.length === 0 ? undefined : links.join(', ') }
}
