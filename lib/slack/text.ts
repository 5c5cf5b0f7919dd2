/** Words from elsewhere: the three characters by which Slack tells text from its own marks, so that they mention and link nothing. */
export const inert = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
