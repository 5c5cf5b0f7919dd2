import { AwsError } from './service.ts'

/** Filter patterns made of terms and quoted phrases, all of which must occur. The other forms are refused by name. */
export const matcher = (pattern: string | undefined): ((message: string) => boolean) => {
  if (pattern === undefined || pattern.trim() === '') return () => true
  if (/^\s*[{[%]|(?:^|\s)[?-]/.test(pattern)) {
    throw new AwsError('NotImplemented', `NotImplemented: logs:FilterLogEvents with filterPattern ${pattern}`, 501)
  }
  const terms = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map(([, phrase, word]) => phrase ?? word ?? '')
  return (message) => terms.every((term) => message.includes(term))
}
