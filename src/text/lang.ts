/** Languages of what people read. */
export type Lang = 'sv' | 'en';
