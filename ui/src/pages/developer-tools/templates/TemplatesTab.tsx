import { useEffect, useState } from 'react';
import { mdiRestore } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Card, Chip, CodeEditor, Skeleton } from '@/components';
import { useSubscription } from '@/data';
import styles from '../Tools.module.css';
import { useDraft } from '../useDraft';
import { exampleOf } from './example';
import { type Listeners, mistakeOf, type TemplateEvent, written } from './result';

const SETTLE_MS = 350;

interface Shown {
  /** The template that it belongs to. */
  of: string;
  result?: unknown;
  listeners?: Listeners;
  errors: { text: string; level: string }[];
}

export default function TemplatesTab() {
  const { t } = useTranslation('developer-tools');
  const example = exampleOf({ comment: t('templates.sample.comment'), time: t('templates.sample.time'), sun: t('templates.sample.sun'), above: t('templates.sample.above'), below: t('templates.sample.below') });
  const [text, setText] = useDraft('template', example);
  const [asked, setAsked] = useState(text);
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const refused = useSubscription<TemplateEvent>(asked.trim() ? { type: 'render_template', template: asked, report_errors: true, timeout: 3 } : null, (event) =>
    setShown((before) => {
      const last = before?.of === asked ? before : { of: asked, errors: [] };
      if ('error' in event) {
        const known = last.errors.some((each) => each.text === event.error);
        return { ...last, errors: known ? last.errors : [...last.errors, { text: event.error, level: event.level }] };
      }
      return { of: asked, result: event.result, listeners: event.listeners, errors: last.errors.filter((each) => each.level !== 'ERROR') };
    }),
  );
  const now = shown?.of === asked ? shown : null;
  const errors = refused ? [{ text: refused.message, level: 'ERROR' }] : (now?.errors ?? []);
  const serious = errors.filter((each) => each.level === 'ERROR');
  const result = now && 'result' in now && serious.length === 0 ? written(now.result) : null;
  return (
    <div className={styles.columns}>
      <Card
        title={t('templates.template')}
        actions={
          <Button small kind="ghost" icon={mdiRestore} onPress={() => setText(example)}>
            {t('templates.example')}
          </Button>
        }
      >
        <CodeEditor label={t('templates.template')} language="text" value={text} onChange={setText} mistakes={serious.map((each) => mistakeOf(each.text))} height="420px" />
      </Card>
      <div className={styles.stack}>
        <Card title={t('templates.result')} actions={result && <Chip>{t(`templates.kind.${result.kind}`)}</Chip>}>
          <div role="status">
            {errors.map((each) => (
              <Banner key={each.text} kind={each.level === 'ERROR' ? 'error' : 'warn'}>
                {each.text}
              </Banner>
            ))}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard must reach it */}
            {result ? <pre className={styles.pre} tabIndex={0} data-testid="result">{result.text}</pre> : errors.length === 0 && asked.trim() && <Skeleton height={60} />}
          </div>
        </Card>
        {now?.listeners && <ListenersCard listeners={now.listeners} />}
      </div>
    </div>
  );
}

function ListenersCard({ listeners }: { listeners: Listeners }) {
  const { t } = useTranslation('developer-tools');
  const { all, domains, entities, time } = listeners;
  const nothing = !all && !time && domains.length + entities.length === 0;
  return (
    <Card title={t('templates.listens')}>
      {all && <Banner kind="warn">{t('templates.all')}</Banner>}
      {nothing && <p className={styles.quiet}>{t('templates.nothing')}</p>}
      <ul className={styles.chips}>
        {time && (
          <li>
            <Chip tone="info">{t('templates.time')}</Chip>
          </li>
        )}
        {!all && domains.map((domain) => <li key={domain}><Chip tone="accent">{t('templates.domain', { domain })}</Chip></li>)}
        {!all && entities.slice(0, 200).map((id) => <li key={id}><Chip>{id}</Chip></li>)}
      </ul>
    </Card>
  );
}
