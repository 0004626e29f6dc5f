/**
 * The file `MLmodel` that lies in every model's folder: the little of it that
 * a person wants to know before registering.
 */

/** What an `MLmodel` says; sizes in bytes. */
export type ModelFacts = Readonly<{
  /** Such as `sklearn`; null where only `python_function` is there. */
  flavor: string | null;
  sizeBytes: number | null;
  /** Loading it runs code that lies in the file. */
  isPickle: boolean;
  signature: Signature | null;
}>;

/** One side of a signature: columns of a table, or tensors. */
export type SignatureSide = Readonly<{
  columnCount: number;
  /** Of the one column or tensor there is; null for several. */
  type: string | null;
}>;

export type Signature = Readonly<{
  inputs: SignatureSide | null;
  outputs: SignatureSide | null;
}>;

/** Lines below a key at the left margin, up to the next one. */
function block(text: string, key: string): string {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex(line => line === `${key}:`);
  if (start < 0) {
    return '';
  }
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(line => /^\S/.test(line));
  return rest.slice(0, end < 0 ? rest.length : end).join('\n');
}

/** A quoted scalar of a block, which YAML may have folded over many lines. */
function quoted(text: string, key: string): string | null {
  const single = new RegExp(`^ +${key}: '((?:[^']|'')*)'`, 'm').exec(text);
  if (single) {
    return single[1].replace(/\s*\n\s*/g, ' ').replace(/''/g, "'");
  }
  const double = new RegExp(`^ +${key}: "((?:[^"\\\\]|\\\\[^])*)"`, 'm').exec(
    text
  );
  // A backslash at a line's end continues it; the rest are JSON's escapes.
  return double
    ? unescape(double[1].replace(/\\\n\s*\\?/g, '').replace(/\s*\n\s*/g, ' '))
    : null;
}

function unescape(text: string): string | null {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return null;
  }
}

function side(json: string | null): SignatureSide | null {
  if (json === null) {
    return null;
  }
  let columns: unknown;
  try {
    columns = JSON.parse(json);
  } catch {
    return null;
  }
  if (!Array.isArray(columns) || columns.length === 0) {
    return null;
  }
  return {
    columnCount: columns.length,
    type: columns.length === 1 ? typeName(columns[0]) : null
  };
}

function typeName(column: unknown): string | null {
  const { type, 'tensor-spec': tensor } = column as {
    type?: unknown;
    'tensor-spec'?: { dtype?: unknown };
  };
  if (type === 'tensor') {
    return typeof tensor?.dtype === 'string'
      ? `tensor ${tensor.dtype}`
      : 'tensor';
  }
  return typeof type === 'string' ? type : null;
}

function signatureOf(text: string): Signature | null {
  const lines = block(text, 'signature');
  const inputs = side(quoted(lines, 'inputs'));
  const outputs = side(quoted(lines, 'outputs'));
  return inputs || outputs ? { inputs, outputs } : null;
}

const PICKLED =
  /^ +(?:serialization_format: (?:cloud)?pickle|pickle_module\w*: .+|(?:python_model|pickled_model|model_path): .*\.(?:pkl|pickle|joblib))\s*$/m;

/** Read an `MLmodel`; what is not found there is null. */
export function readMlmodel(text: string): ModelFacts {
  const flavors = block(text, 'flavors');
  const names = [...flavors.matchAll(/^ {2}(\w+):/gm)].map(match => match[1]);
  const size = /^model_size_bytes: (\d+)\s*$/m.exec(text);
  return {
    flavor: names.find(name => name !== 'python_function') ?? null,
    sizeBytes: size ? Number(size[1]) : null,
    isPickle: PICKLED.test(flavors),
    signature: signatureOf(text)
  };
}
