/** The package has no types of its own; what it gives is checked where it is read. */
declare module 'bibtex-parse' {
  const bibtexParse: { parse(text: string): unknown }
  export default bibtexParse
}
