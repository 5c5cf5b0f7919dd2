import { short } from '../../../lib/image.ts'

/** Text that came from outside, made safe for one cell of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;')
export const digestCell = (value: string | undefined): string => (value ? `\`${short(value)}\`` : '–')
export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
