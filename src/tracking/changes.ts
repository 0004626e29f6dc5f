import { CONTRACT } from '../contract';

/**
 * Connection whose store a Jupyter event says was written to; null for any
 * other event.
 */
export function changedConnection(event: unknown): string | null {
  if (typeof event !== 'object' || event === null) {
    return null;
  }
  const { schema_id: schemaId, connection_id: connectionId } = event as Record<
    string,
    unknown
  >;
  return schemaId === CONTRACT.eventSchemaId && typeof connectionId === 'string'
    ? connectionId
    : null;
}
