/** The parts of node-forge that PKCS#12 needs: a third less than the whole. Importing `pkcs12.js` fills `forge.js`. */
declare module 'node-forge/lib/forge.js' {
  import forge from 'node-forge';
  export = forge;
}
declare module 'node-forge/lib/pkcs12.js';
