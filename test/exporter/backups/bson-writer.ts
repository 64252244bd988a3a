/** Documents in MongoDB's form, written for tests. Source: bsonspec.org, version 1.1. */
export type BsonValue = string | number | bigint | boolean | { readonly [key: string]: BsonValue };

export function bson(document: Readonly<Record<string, BsonValue>>): Buffer {
  const elements = Object.entries(document).map(([name, value]) => element(name, value));
  const body = Buffer.concat([...elements, Buffer.from([0])]);
  return Buffer.concat([int32(body.length + 4), body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function element(name: string, value: BsonValue): Buffer {
  const key = Buffer.from(`${name}\0`);
  const [type, bytes] = encode(value);
  return Buffer.concat([Buffer.from([type]), key, bytes]);
}

function encode(value: BsonValue): readonly [number, Buffer] {
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`);
    return [0x02, Buffer.concat([int32(text.length), text])];
  }
  if (typeof value === 'boolean') return [0x08, Buffer.from([value ? 1 : 0])];
  if (typeof value === 'number') return [0x10, int32(value)];
  if (typeof value === 'object') return [0x03, bson(value)];
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return [0x12, bytes];
}

/** Documents of a collection, as a `.bson` file holds them. */
export function collection(count: number): Buffer {
  const documents = Array.from({ length: count }, (_, id) =>
    bson({ _id: id, name: `robot ${id}`, specialist: { room: id % 7, active: id % 2 === 0 } }),
  );
  return Buffer.concat(documents);
}

/** The `.metadata.json` that mongodump writes beside a collection or for a view. */
export function metadata(name: string, kind: 'collection' | 'view' = 'collection'): string {
  const indexes = kind === 'view' ? [] : [{ v: 2, key: { _id: 1 }, name: '_id_' }];
  const options = kind === 'view' ? { viewOn: 'robots', pipeline: [] } : {};
  return JSON.stringify({ options, indexes, uuid: '', collectionName: name, type: kind });
}

const terminator = int32(-1);

/** What `mongodump --archive` writes of collections, each in `blocks` blocks. */
export function archive(
  collections: Readonly<Record<string, Buffer>>,
  { blocks = 1, views = [] }: { readonly blocks?: number; readonly views?: readonly string[] } = {},
): Buffer {
  const names = Object.keys(collections).map((name) => name.split('.') as [string, string]);
  const prelude = [
    Buffer.from([0x6d, 0xe2, 0x99, 0x81]),
    bson({ concurrent_collections: 4, version: '0.1', server_version: '4.4.6', tool_version: '100.3.1' }),
    ...names.map(([db, name]) => bson({ db, collection: name, metadata: metadata(name), size: 0, type: 'collection' })),
    ...views.map((view) =>
      bson({ db: 'fastapi', collection: view, metadata: metadata(view, 'view'), size: 0, type: 'view' }),
    ),
    terminator,
  ];
  const body = names.flatMap(([db, name]) => {
    const content = collections[`${db}.${name}`] ?? Buffer.alloc(0);
    const block = [bson({ db, collection: name, EOF: false, CRC: 0n }), content, terminator];
    const end = [bson({ db, collection: name, EOF: true, CRC: 4711n }), terminator];
    return [...Array.from({ length: blocks }, () => block).flat(), ...end];
  });
  return Buffer.concat([...prelude, ...body]);
}
