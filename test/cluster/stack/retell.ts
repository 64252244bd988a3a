/**
 * A value of NODE_OPTIONS with which a program of ours tells its metrics otherwise, as another version of it would.
 * @param edit JavaScript of a function from the text of `/prometheus` to what is answered instead.
 */
export function retelling(edit: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(preloaded(edit))}`;
}

const preloaded = (edit: string) => `
  import { Server } from 'node:http';
  const edit = ${edit};
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, request, response) {
    if (event === 'request' && request.url.startsWith('/prometheus')) {
      delete request.headers['accept-encoding'];
      retell(response);
    }
    return emit.apply(this, arguments);
  };
  function retell(response) {
    const { end, setHeader, writeHead } = response;
    const told = [];
    const isLength = (name) => name.toLowerCase() === 'content-length';
    const withoutLength = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !isLength(name)));
    response.setHeader = (name, value) => (isLength(name) ? response : setHeader.call(response, name, value));
    response.writeHead = (status, ...rest) =>
      writeHead.call(response, status, ...rest.map((each) => (typeof each === 'object' ? withoutLength(each) : each)));
    response.write = (part) => told.push(Buffer.from(part)) > 0;
    response.end = (part) => {
      if (part !== undefined && typeof part !== 'function') response.write(part);
      return end.call(response, edit(Buffer.concat(told).toString()));
    };
  }`;
