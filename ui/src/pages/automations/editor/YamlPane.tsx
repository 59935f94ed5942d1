/** The whole as YAML, beside the form and in step with it. */

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '@/components';
import { useStore } from '@/data/store';
import type { Version } from '../model/history';
import { lineAt } from '../model/yamlText';
import { useEditor } from './context';
import styles from './ItemEditor.module.css';

export function YamlPane({ version, onType }: { version: Version; onType: (text: string) => void }) {
  const { t } = useTranslation('automations');
  const problems = useStore(useEditor().problems);
  const mistakes = useMemo(
    () => (version.mistake ? [version.mistake] : problems.map((problem) => ({ line: lineAt(version.text, [...problem.path, ...problem.field]), text: problem.text }))),
    [version, problems],
  );
  return (
    <section className={styles.yaml} aria-label={t('yaml.title')}>
      <CodeEditor label={t('yaml.label')} value={version.text} onChange={onType} mistakes={mistakes} />
      {mistakes.length > 0 ? (
        <ul className={styles.mistakes} role="status">
          {mistakes.map((each) => (
            <li key={`${each.line} ${each.text}`}>
              <strong>{t('yaml.line', { line: each.line })}</strong> {each.text}
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles.yamlHint}>{t('yaml.hint')}</p>
      )}
    </section>
  );
}
