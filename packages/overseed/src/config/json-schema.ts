/** The JSON Schema that editors read: `config.schema.json` of the package. */
import { configShape } from './config-shape.ts';
import type { JsonSchema } from './shape.ts';

export function configJsonSchema(): JsonSchema {
  return {
    // The draft that editors know best.
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Overseed',
    ...configShape.jsonSchema,
  };
}
