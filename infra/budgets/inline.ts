import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/**
 * Longest code that every version of CloudFormation has taken in a template; today's limit is that of the template
 * (`AWS::Lambda::Function Code`, `ZipFile`).
 */
const MOST = 4096

/**
 * A function for a template: its TypeScript without types and comments. CloudFormation writes it to `index.js` without a
 * package.json, so it is CommonJS: it imports nothing statically and its exports are assigned.
 */
export const inlineCode = (file: string): string => {
  const code = `${stripTypeScriptTypes(readFileSync(file, 'utf8'))}\nexports.handler = handler`
    .replaceAll(/^export /gm, '')
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trim()
  if (code.length > MOST) throw new Error(`the code of ${file} has ${code.length} characters, ${MOST} fit a template`)
  return code
}
