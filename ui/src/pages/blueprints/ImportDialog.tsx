/** A blueprint from the web: fetched, shown, and kept when one likes it. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, CodeEditor, Dialog, Switch, TextField } from '@/components';
import { useSession } from '@/data/hooks';
import { asApiError } from '@/data/session';
import type { BlueprintMetadata } from '../automations/editor/BlueprintForm';
import styles from './blueprints.module.css';

interface Fetched {
  suggested_filename: string;
  raw_data: string;
  blueprint: { metadata: BlueprintMetadata };
  validation_errors: string[] | null;
  exists: boolean;
}

export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('blueprints');
  const session = useSession();
  const [url, setUrl] = useState('');
  const [found, setFound] = useState<Fetched | null>(null);
  const [path, setPath] = useState('');
  const [replace, setReplace] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      const { code, message } = asApiError(problem);
      setError(code === 'unknown_error' && message === 'Unknown error' ? t('notFetched') : message);
    } finally {
      setBusy(false);
    }
  };
  const look = () =>
    attempt(async () => {
      const fetched = await session.command<Fetched>('blueprint/import', { url: url.trim() });
      setFound(fetched);
      setPath(fetched.suggested_filename);
    });
  const keep = () =>
    attempt(async () => {
      if (!found) return;
      const { metadata } = found.blueprint;
      await session.command('blueprint/save', { domain: metadata.domain, path, yaml: found.raw_data, source_url: metadata.source_url ?? url.trim(), allow_override: replace });
      toast.ok(t('imported', { name: metadata.name }));
      onDone();
      onClose();
    });
  const metadata = found?.blueprint.metadata;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('importTitle')}
      dismissable={false}
      footer={
        <>
          <Button onPress={found ? () => setFound(null) : onClose}>{t(found ? 'back' : 'cancel')}</Button>
          {found ? (
            <Button kind="primary" busy={busy} isDisabled={!path.trim() || (found.exists && !replace)} onPress={() => void keep()}>{t('keep')}</Button>
          ) : (
            <Button kind="primary" busy={busy} isDisabled={!/^https?:\/\/\S+$/.test(url.trim())} onPress={() => void look()}>{t('look')}</Button>
          )}
        </>
      }
    >
      <div className={styles.dialog}>
        {error && <Banner kind="error" title={t('refused')}>{error}</Banner>}
        {!found || !metadata ? (
          <TextField label={t('url')} hint={t('urlHint')} type="url" value={url} onChange={setUrl} autoFocus required />
        ) : (
          <>
            <h3>{metadata.name}</h3>
            {metadata.description && <p className={styles.text}>{metadata.description}</p>}
            {found.validation_errors && found.validation_errors.length > 0 && <Banner kind="warn" title={t('unmet')}>{found.validation_errors.join(' ')}</Banner>}
            {found.exists && <Banner kind="warn" title={t('exists')}>{t('existsText')}</Banner>}
            {found.exists && <Switch label={t('replace')} value={replace} onChange={setReplace} />}
            <TextField label={t('file')} hint={t('fileHint')} value={path} onChange={setPath} monospace />
            <details>
              <summary>{t('content')}</summary>
              <CodeEditor label={t('content')} value={found.raw_data} readOnly onChange={() => undefined} height="320px" />
            </details>
          </>
        )}
      </div>
    </Dialog>
  );
}
