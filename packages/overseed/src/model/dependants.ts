import type { ForeignKey } from './schema.ts';

/** Rows of a table outside the scope that refer to rows which go away, or whose referenced value changes. */
export interface Dependants {
  readonly table: string;
  readonly rows: number;
  /** What the schema says happens to them; `orphan` when it says that this may not happen. */
  readonly action: 'delete' | 'update' | 'set-null' | 'set-default' | 'orphan';
  /** True when the user named the table, so that the rows follow; false refuses the push. */
  readonly allowed: boolean;
}

/** What `foreignKey` does to a row whose referenced value vanishes, because its row is deleted or updated. */
export function actionOn(event: 'delete' | 'update', foreignKey: ForeignKey): Dependants['action'] {
  switch (event === 'delete' ? foreignKey.onDelete : foreignKey.onUpdate) {
    case 'CASCADE':
      return event;
    case 'SET NULL':
      return 'set-null';
    case 'SET DEFAULT':
      return 'set-default';
    default:
      return 'orphan';
  }
}

/** One line for people: `visit: 3 rows would be deleted`. */
export function describeDependants({ table, rows, action }: Dependants): string {
  const verbs: Record<Dependants['action'], string> = {
    delete: 'would be deleted',
    update: 'would be changed',
    'set-null': 'would lose their reference',
    'set-default': 'would get their default reference',
    orphan: 'would point to nothing, which their foreign key forbids',
  };
  return `${table}: ${rows} ${rows === 1 ? 'row' : 'rows'} ${verbs[action]}`;
}
