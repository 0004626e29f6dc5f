import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Write a notebook of code cells; ids are `cell-0`, `cell-1`, … */
export function writeNotebook(
  path: string,
  sources: readonly string[],
  options: { kernel?: string; metadata?: Record<string, unknown> } = {}
): void {
  mkdirSync(dirname(path), { recursive: true });
  const name = options.kernel ?? 'python3';
  writeFileSync(
    path,
    JSON.stringify({
      cells: sources.map((source, index) => ({
        cell_type: 'code',
        id: `cell-${index}`,
        metadata: {},
        execution_count: null,
        outputs: [],
        source
      })),
      metadata: {
        kernelspec: { name, display_name: name, language: 'python' },
        language_info: { name: 'python' },
        ...options.metadata
      },
      nbformat: 4,
      nbformat_minor: 5
    })
  );
}
