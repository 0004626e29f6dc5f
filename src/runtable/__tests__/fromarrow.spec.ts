import {
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { historiesFromArrow, runsFromArrow } from '../fromarrow';
import { numberAt, textAt } from '../runtable';

const words = () => new Dictionary(new Utf8(), new Int32());

function ipcOf(columns: Record<string, Vector>) {
  const names = Object.keys(columns);
  const fields = names.map(name => new Field(name, columns[name].type, true));
  const schema = new Schema(fields, new Map([['cursor', 'c1']]));
  const children = names.map(name => columns[name].data[0]);
  const struct = makeData({
    type: new Struct(fields),
    children,
    length: children[0].length
  });
  const table = new Table([new RecordBatch(schema, struct)]);
  const bytes = tableToIPC(table, 'stream');
  return bytes.buffer.slice(
    bytes.byteOffset,
    bytes.byteOffset + bytes.byteLength
  ) as ArrayBuffer;
}

describe('runs out of Arrow', () => {
  it('tell NaN, missing and numbers apart', async () => {
    const { table, cursor } = await runsFromArrow(
      ipcOf({
        run_id: vectorFromArray(['b', 'a', 'c'], words()),
        start_time: vectorFromArray([3n, null, 1n], new Int64()),
        'metrics.loss': vectorFromArray([NaN, null, 0.5], new Float64()),
        'params.lr': vectorFromArray(['é', null, 'a'], words())
      })
    );
    const rows = [0, 1, 2];
    const loss = table.columns.get('metrics.loss');
    expect(rows.map(row => numberAt(loss, row))).toEqual([NaN, null, 0.5]);
    const start = table.columns.get('start_time');
    expect(rows.map(row => numberAt(start, row))).toEqual([3, null, 1]);
    const rate = table.columns.get('params.lr');
    expect(rows.map(row => textAt(rate, row))).toEqual(['é', null, 'a']);
    expect(rate).toMatchObject({ kind: 'text', sorted: true });
    expect(table.rows.get('a')).toBe(1);
    expect(cursor).toBe('c1');
  });

  it('of plain text are columns, too', async () => {
    const { table } = await runsFromArrow(
      ipcOf({ run_id: vectorFromArray(['b', 'a'], new Utf8()) })
    );
    expect([...table.rows]).toEqual([
      ['b', 0],
      ['a', 1]
    ]);
  });
});

describe('histories out of Arrow', () => {
  it('are one curve for each run and key', async () => {
    const histories = await historiesFromArrow(
      ipcOf({
        run_id: vectorFromArray(['a', 'a', 'b'], words()),
        key: vectorFromArray(['loss', 'loss', 'loss'], words()),
        step: vectorFromArray([0n, 1n, 0n], new Int64()),
        timestamp: vectorFromArray([10n, 11n, 12n], new Int64()),
        value: vectorFromArray([1, NaN, 3], new Float64())
      })
    );
    expect(histories).toEqual([
      {
        runId: 'a',
        key: 'loss',
        points: [
          { step: 0, timestampMs: 10, value: 1 },
          { step: 1, timestampMs: 11, value: NaN }
        ]
      },
      {
        runId: 'b',
        key: 'loss',
        points: [{ step: 0, timestampMs: 12, value: 3 }]
      }
    ]);
  });
});
