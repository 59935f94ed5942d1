/** The inside of a piece: the form of its kind, or its YAML; and what every piece can have. */

import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton, Switch, TextField, YamlEditor } from '@/components';
import { isConditionAction, kindOf } from '../kinds';
import { BASE } from '../kinds/kind';
import { isRecord, type Path, type Piece, type Role } from '../model/types';
import { useEditor } from './context';
import { FieldsForm } from './FieldsForm';
import styles from './PieceBody.module.css';

interface Props {
  path: Path;
  role: Role;
  piece: Piece;
  asYaml: boolean;
}

export function PieceBody({ path, role, piece, asYaml }: Props) {
  const { t } = useTranslation('automations');
  const api = useEditor();
  const kind = kindOf(role, piece);
  const change = (next: Piece, key?: string) => api.set(path, next, key === undefined ? undefined : `${path.join('/')} ${key}`);

  if (asYaml || !kind || (kind.fits && !kind.fits(piece))) {
    return (
      <>
        {!asYaml && <p className={styles.note}>{t(kind ? 'onlyYaml' : 'unknownAsYaml')}</p>}
        <YamlEditor label={t('pieceYaml')} value={piece} onChange={(value) => isRecord(value) && change(value, 'yaml')} />
      </>
    );
  }

  const { Form, fields } = kind;
  const known = new Set([...BASE[kind.role], ...BASE[role], ...(kind.keys ?? []), ...(fields ?? []).map((field) => field.name)]);
  const others = Form && kind.name === 'device' ? [] : Object.keys(piece).filter((key) => !known.has(key));
  return (
    <>
      {fields && <FieldsForm kind={kind} piece={piece} onChange={change} />}
      {Form && (
        <Suspense fallback={<Skeleton height={120} />}>
          <Form piece={piece} path={path} change={change} />
        </Suspense>
      )}
      {others.length > 0 && <p className={styles.note}>{t('alsoInYaml', { keys: others.join(', ') })}</p>}
      <Options role={role} piece={piece} change={change} />
    </>
  );
}

function Options({ role, piece, change }: { role: Role; piece: Piece; change: (next: Piece, key?: string) => void }) {
  const { t } = useTranslation('automations');
  const set = (key: string, value: unknown) => {
    const { [key]: _old, ...rest } = piece;
    change(value === undefined || value === '' ? rest : key in piece ? { ...piece, [key]: value } : { ...rest, [key]: value }, key);
  };
  const given = ['alias', 'id', 'variables', 'continue_on_error'].some((key) => piece[key] !== undefined);
  return (
    <details className={styles.options} open={given || undefined}>
      <summary>{t('options.title')}</summary>
      <div className={styles.grid}>
        <TextField label={t('options.alias')} hint={t('options.aliasHint')} value={typeof piece.alias === 'string' ? piece.alias : ''} onChange={(value) => set('alias', value)} />
        {role === 'trigger' && <TextField label={t('options.id')} hint={t('options.idHint')} value={piece.id === undefined ? '' : String(piece.id as string)} onChange={(value) => set('id', value)} />}
      </div>
      {role === 'action' && !isConditionAction(piece) && (
        <Switch label={t('options.continue')} hint={t('options.continueHint')} value={piece.continue_on_error === true} onChange={(value) => set('continue_on_error', value || undefined)} />
      )}
      {role === 'trigger' && piece.variables !== undefined && <YamlEditor label={t('options.variables')} value={piece.variables} onChange={(value) => set('variables', value)} />}
    </details>
  );
}
