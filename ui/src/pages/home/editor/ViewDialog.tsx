/** What a view is called and how it lays out its cards. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dialog, Select, TextField } from '@/components';
import type { ViewConfig } from '@/lovelace/types';
import styles from './Editor.module.css';

interface Props {
  view: ViewConfig;
  isNew?: boolean;
  canDelete: boolean;
  onSave: (changes: Partial<ViewConfig>) => void;
  onDelete: () => void;
  onClose: () => void;
}

const LAYOUTS = ['sections', 'masonry', 'panel'] as const;

export function ViewDialog({ view, isNew = false, canDelete, onSave, onDelete, onClose }: Props) {
  const { t } = useTranslation('home');
  const [title, setTitle] = useState(view.title ?? '');
  const [path, setPath] = useState(view.path ?? '');
  const [icon, setIcon] = useState(view.icon ?? '');
  const [type, setType] = useState<string>(view.type ?? (view.sections ? 'sections' : view.panel ? 'panel' : 'masonry'));
  const wrongPath = path !== '' && !/^[a-z0-9_-]+$/i.test(path) ? t('editor.wrongPath') : null;
  const save = () => {
    const changes: Partial<ViewConfig> = { type };
    if (title) changes.title = title;
    if (path) changes.path = path;
    if (icon) changes.icon = icon;
    onSave(changes);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(isNew ? 'editor.addView' : 'editor.viewSettings')}
      footer={
        <>
          {canDelete && (
            <Button kind="ghost" onPress={onDelete}>
              {t('editor.deleteView')}
            </Button>
          )}
          <Button onPress={onClose}>{t('editor.cancel')}</Button>
          <Button kind="primary" isDisabled={wrongPath !== null} onPress={save}>
            {t('editor.apply')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextField label={t('editor.viewTitle')} value={title} onChange={setTitle} autoFocus />
        <Select label={t('editor.layout')} options={LAYOUTS.map((each) => ({ value: each, label: t(`editor.layouts.${each}`) }))} value={type} onChange={setType} />
        <TextField label={t('editor.path')} hint={t('editor.pathHint')} value={path} onChange={setPath} error={wrongPath} />
        <TextField label={t('editor.icon')} hint="mdi:sofa" value={icon} onChange={setIcon} />
      </div>
    </Dialog>
  );
}
