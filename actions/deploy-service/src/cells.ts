import { short } from '../../../lib/image.ts'
import { code } from '../../../lib/markdown.ts'

export const digestCell = (value: string | undefined): string => (value ? code(short(value)) : '–')
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
