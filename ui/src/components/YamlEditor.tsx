/** YAML as text, with its mistakes marked; the editor itself is loaded when it is needed. */

import { lazy, Suspense } from 'react';
import { Skeleton } from './Skeleton';

export interface YamlMistake {
  /** From 1. */
  line: number;
  text: string;
}

export interface CodeEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  language?: 'yaml' | 'text';
  /** Of the server's checks, for instance; those of YAML itself are found here. */
  mistakes?: readonly YamlMistake[];
  readOnly?: boolean;
  /** A line (from 1) to go to: each new object moves there. */
  goTo?: { line: number } | null;
  /** CSS; grows with its content without it. */
  height?: string;
}

const Editor = lazy(() => import('./CodeMirrorEditor'));

export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 200} radius="var(--radius-m)" />}>
      <Editor {...props} />
    </Suspense>
  );
}

export interface YamlEditorProps extends Omit<CodeEditorProps, 'value' | 'onChange' | 'language'> {
  /** Any JSON value. Changes of it from outside are shown while the editor is not being typed into. */
  value: unknown;
  /** Called with each text that is YAML. */
  onChange: (value: unknown) => void;
  /** Called with whether the text is YAML now, and its first mistake. */
  onValid?: (valid: boolean, mistake?: YamlMistake) => void;
}

const Yaml = lazy(() => import('./YamlValueEditor'));

export function YamlEditor(props: YamlEditorProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 200} radius="var(--radius-m)" />}>
      <Yaml {...props} />
    </Suspense>
  );
}
