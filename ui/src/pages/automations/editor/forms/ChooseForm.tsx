import { mdiArrowDown, mdiArrowUp, mdiDelete, mdiPlus } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton, TextField } from '@/components';
import type { FormProps } from '../../kinds/kind';
import { idOf } from '../../model/sharing';
import { asList, isRecord, type Piece } from '../../model/types';
import { PieceList } from '../PieceList';
import styles from './forms.module.css';
import { withEntry } from './parts';

/** Options with conditions each; the first whose conditions hold is done. */
export function ChooseForm({ piece, path, change }: FormProps) {
  const { t } = useTranslation('automations');
  const options = asList(piece.choose).filter(isRecord);
  const set = (next: readonly Piece[], key?: string) => change({ ...piece, choose: next }, key);
  const swap = (a: number, b: number) => set(options.with(a, options[b]!).with(b, options[a]!));
  return (
    <div className={styles.form}>
      {options.map((option, index) => {
        const name = typeof option.alias === 'string' && option.alias ? option.alias : t('actions.choose.option', { number: index + 1 });
        const at = [...path, 'choose', index];
        return (
          <section key={idOf(option)} className={styles.option} aria-label={name}>
            <header>
              <span>{name}</span>
              <IconButton label={t('menu.up')} icon={mdiArrowUp} isDisabled={index === 0} onPress={() => swap(index, index - 1)} />
              <IconButton label={t('menu.down')} icon={mdiArrowDown} isDisabled={index === options.length - 1} onPress={() => swap(index, index + 1)} />
              <IconButton label={t('actions.choose.remove', { name })} icon={mdiDelete} isDisabled={options.length === 1} onPress={() => set(options.toSpliced(index, 1))} />
            </header>
            {option.alias !== undefined && <TextField label={t('options.alias')} value={String(option.alias as string)} onChange={(alias) => set(options.with(index, withEntry(option, 'alias', alias)), `alias ${index}`)} />}
            <div className={styles.block}>
              <h4>{t('lists.if')}</h4>
              <PieceList path={[...at, 'conditions']} holds="condition" pieces={asList<Piece>(option.conditions)} label={`${name}, ${t('lists.if')}`} empty={t('lists.noConditions')} />
            </div>
            <div className={styles.block}>
              <h4>{t('lists.then')}</h4>
              <PieceList path={[...at, 'sequence']} holds="action" pieces={asList<Piece>(option.sequence)} label={`${name}, ${t('lists.then')}`} empty={t('lists.noActions')} />
            </div>
          </section>
        );
      })}
      <div>
        <Button small kind="ghost" icon={mdiPlus} onPress={() => set([...options, { conditions: [], sequence: [] }])}>
          {t('actions.choose.add')}
        </Button>
        {piece.default === undefined && (
          <Button small kind="ghost" icon={mdiPlus} onPress={() => change({ ...piece, default: [] })}>
            {t('lists.addDefault')}
          </Button>
        )}
      </div>
      {piece.default !== undefined && (
        <div className={styles.block}>
          <h4>
            {t('lists.default')}
            {asList(piece.default).length === 0 && (
              <Button small kind="ghost" onPress={() => change(withEntry(piece, 'default', undefined))}>
                {t('lists.remove')}
              </Button>
            )}
          </h4>
          <PieceList path={[...path, 'default']} holds="action" pieces={asList<Piece>(piece.default)} label={t('lists.default')} empty={t('lists.noActions')} />
        </div>
      )}
    </div>
  );
}
