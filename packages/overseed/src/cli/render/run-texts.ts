/** What the renderer cannot know from events. */
export interface RunTexts {
  /** The target as the configuration calls it. */
  readonly targetName?: string;
  readonly isProtected?: boolean;
  /** How to undo, given the backup; shown at the end. */
  readonly undoCommand: (backup: string) => string;
  /** Said when data is in the way. */
  readonly howToOverwrite: string;
  /** Added when nothing was to do. */
  readonly whenUnchanged?: string;
}
