import { useEffect, useRef, useState } from 'react';
import { mdiArrowLeft, mdiContentSaveOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { toast } from '@/app/toasts';
import { Banner, Button, Chip, CodeEditor, Icon, Skeleton, type YamlMistake } from '@/components';
import { useConnected, useServices } from '@/data';
import { ProblemList } from '../../parts/ProblemList';
import { AfterSave } from './AfterSave';
import { Conflict } from './Conflict';
import styles from './Files.module.css';
import { changedSections, type Following, whatFollows } from './sections';
import { useFile } from './useFile';

interface Props {
  path: string;
  onDraft: () => void;
  onSaved: () => void;
}

export function FileEditor({ path, onDraft, onSaved }: Props) {
  const { t } = useTranslation('settings');
  const connected = useConnected();
  const services = useServices();
  const file = useFile(path, onDraft);
  const [refused, setRefused] = useState(false);
  const [follows, setFollows] = useState<Following | null>(null);
  const [conflict, setConflict] = useState<{ theirs: { text: string; digest: string } | null } | null>(null);
  const asked = Number(new URLSearchParams(useSearch()).get('line'));
  const [goTo, setGoTo] = useState(() => (asked > 0 ? { line: asked } : null));
  const { stored, text, dirty, problems } = file;

  const save = async (overwrite?: { text: string; digest: string } | null) => {
    if (!connected || file.saving) return;
    setRefused(false);
    const result = await file.save(overwrite);
    setConflict(result.is === 'conflict' ? { theirs: result.theirs } : null);
    setRefused(result.is === 'refused');
    if (result.is !== 'saved') return;
    toast.ok(t('files.saved', { name: path }));
    setFollows(whatFollows(changedSections(path, result.before, text), (section) => Boolean(services[section]?.reload)));
    onSaved();
  };

  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      void latest.current();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  const here = problems.filter((problem) => problem.file === path && problem.line !== null);
  const elsewhere = problems.filter((problem) => !here.includes(problem));
  const mistakes: YamlMistake[] = here.map((problem) => ({ line: problem.line ?? 1, text: [problem.message, problem.hint].filter(Boolean).join(' ') }));
  return (
    <>
      <div className={styles.head}>
        <Link href="/settings/files" className={styles.back}>
          <Icon path={mdiArrowLeft} size={20} /> {t('files.all')}
        </Link>
        <h2 className={styles.name}>{path}</h2>
        <span className={styles.state} role="status">
          {dirty && <Chip tone="active">{t('files.unsaved')}</Chip>}
          {stored && (problems.length ? <Chip tone="danger">{t('files.problems', { count: problems.length })}</Chip> : file.checking ? <Chip>{t('files.checking')}</Chip> : <Chip tone="ok">{t('files.good')}</Chip>)}
        </span>
        {dirty && (
          <Button small kind="ghost" onPress={() => file.discard()}>
            {t('discard')}
          </Button>
        )}
        <Button small kind="primary" icon={mdiContentSaveOutline} busy={file.saving} isDisabled={!connected || !dirty} onPress={() => void save()}>
          {t('save')}
        </Button>
      </div>
      {file.error && (
        <Banner kind="error" title={t('files.failed')} actions={<Button small onPress={file.load}>{t('again')}</Button>}>
          {file.error.message}
        </Banner>
      )}
      {refused && (
        <Banner kind="error" title={t('files.refused')}>
          {t('files.refusedText')}
        </Banner>
      )}
      {dirty && file.outdated && !conflict && <Banner kind="warn">{t('files.outdated')}</Banner>}
      {follows && <AfterSave follows={follows} onDone={() => setFollows(null)} />}
      {stored ? (
        <CodeEditor label={t('files.textOf', { name: path })} value={text} onChange={file.type} mistakes={mistakes} goTo={goTo} height="min(68dvh, 760px)" language={path.endsWith('.jinja') ? 'text' : 'yaml'} />
      ) : (
        !file.error && <Skeleton height={420} radius="var(--radius-m)" />
      )}
      {here.length > 0 && (
        <section className={styles.wrong} aria-label={t('files.problems', { count: here.length })}>
          <ul>
            {here.map((problem) => (
              <li key={`${problem.line} ${problem.message}`}>
                <button type="button" className={styles.line} onClick={() => setGoTo({ line: problem.line ?? 1 })}>
                  {t('files.line', { line: problem.line })}
                </button>{' '}
                {problem.message} {problem.hint}
              </li>
            ))}
          </ul>
        </section>
      )}
      {elsewhere.length > 0 && (
        <section className={styles.wrong}>
          <h3>{t('files.elsewhere')}</h3>
          <ProblemList problems={elsewhere} />
        </section>
      )}
      <p className={styles.keys}>{t('files.keys')}</p>
      {conflict && (
        <Conflict
          mine={text}
          theirs={conflict.theirs}
          busy={file.saving}
          onClose={() => setConflict(null)}
          onMine={() => void save(conflict.theirs)}
          onTheirs={() => {
            if (conflict.theirs) file.discard(conflict.theirs);
            setConflict(null);
          }}
        />
      )}
    </>
  );
}
