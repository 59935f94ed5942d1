import { useEffect, useRef, useState } from 'react';
import { parseDocument, stringify } from 'yaml';
import CodeMirrorEditor from './CodeMirrorEditor';
import styles from './YamlValueEditor.module.css';
import type { YamlEditorProps, YamlMistake } from './YamlEditor';

export function toYaml(value: unknown): string {
  return value === undefined || value === null ? '' : stringify(value, { lineWidth: 120, compat: 'yaml-1.1', aliasDuplicateObjects: false });
}

/** The value of a YAML text, or its first mistake. Tags such as `!secret` stay texts with their tag. */
export function fromYaml(text: string): { value: unknown; mistake?: undefined } | { mistake: YamlMistake } {
  const document = parseDocument(text, { prettyErrors: true, strict: true });
  const error = document.errors[0];
  if (error) return { mistake: { line: error.linePos?.[0].line ?? 1, text: error.message.split('\n')[0] ?? error.message } };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch (problem) {
    return { mistake: { line: 1, text: problem instanceof Error ? problem.message : String(problem) } };
  }
}

/** Keeps the text as it was typed (comments, order) as long as the value outside is the one that it stands for. */
export default function YamlValueEditor({ value, onChange, onValid, mistakes = [], ...rest }: YamlEditorProps) {
  const [text, setText] = useState(() => toYaml(value));
  const [mistake, setMistake] = useState<YamlMistake | null>(null);
  const stands = useRef(JSON.stringify(value ?? null));

  useEffect(() => {
    const now = JSON.stringify(value ?? null);
    if (now === stands.current) return;
    stands.current = now;
     
    setText(toYaml(value));
    setMistake(null);
  }, [value]);

  const typed = (next: string) => {
    setText(next);
    const read = fromYaml(next);
    if (read.mistake) {
      setMistake(read.mistake);
      onValid?.(false, read.mistake);
      return;
    }
    setMistake(null);
    stands.current = JSON.stringify(read.value ?? null);
    onValid?.(true);
    onChange(read.value);
  };

  return (
    <div>
      <CodeMirrorEditor {...rest} value={text} onChange={typed} mistakes={mistake ? [mistake] : mistakes} />
      {mistake && (
        <p role="alert" className={styles.mistake}>
          {mistake.text}
        </p>
      )}
    </div>
  );
}
