/** What the demonstration shows. Every line stands by itself, so that it reads the same in a terminal, a pipe and a log. */
export type Screen = {
  heading(text: string): void
  line(text: string): void
  /** A line of a program that works for us. */
  quote(text: string): void
  done(text: string, milliseconds?: number): void
  failed(text: string): void
  /** Shows what was done and how long it took. */
  timed<T>(work: () => Promise<T>, text: (result: T) => string): Promise<T>
  /** Shows nothing from now on. */
  mute(): void
}

type Output = { write(text: string): unknown; isTTY?: boolean }

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39] } as const

/** Colours where the output is a terminal and `NO_COLOR` is not set (https://no-color.org). */
const painter =
  (colours: boolean) =>
  (style: keyof typeof codes, text: string): string =>
    colours ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

export const createScreen = (output: Output, env: NodeJS.ProcessEnv = process.env): Screen => {
  const paint = painter(output.isTTY === true && !env['NO_COLOR'])
  let muted = false
  const print = (text: string): void => void (muted || output.write(`${text}\n`))
  const started = performance.now()
  const done: Screen['done'] = (text, milliseconds) =>
    print(`  ${paint('green', '✓')} ${text}${milliseconds === undefined ? '' : paint('dim', `  (${seconds(milliseconds)})`)}`)
  return {
    heading: (text) => print(`\n${paint('bold', text)}${paint('dim', `  [${seconds(performance.now() - started)}]`)}`),
    line: (text) => print(`  ${text}`),
    quote: (text) => print(paint('dim', `    │ ${text}`)),
    done,
    failed: (text) => print(`  ${paint('red', '✗')} ${text}`),
    mute: () => {
      muted = true
    },
    async timed(work, text) {
      const begun = performance.now()
      const result = await work()
      done(text(result), performance.now() - begun)
      return result
    },
  }
}
