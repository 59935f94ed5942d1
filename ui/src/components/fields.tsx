/** What one fills in. Each has a visible label, a hint, and says its error in words below itself. */

import { type ReactNode, useRef, useState } from 'react';
import { mdiCheck, mdiChevronDown, mdiClose, mdiEyeOffOutline, mdiEyeOutline, mdiMagnify, mdiMinus, mdiPlus } from '@mdi/js';
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  ComboBox as AriaComboBox,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Slider as AriaSlider,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  Switch as AriaSwitch,
  Text,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import styles from './fields.module.css';
import { FollowingPopover } from './FollowingPopover';
import { Icon } from './Icon';
import { useSlideByTouch } from './slideByTouch';

interface Common {
  label: string;
  /** A sentence below the field. */
  hint?: ReactNode;
  /** What is wrong, in words; the field is marked. */
  error?: string | null | undefined;
  disabled?: boolean;
  required?: boolean;
  /** The label is read aloud but not shown: something else stands beside the field. */
  hideLabel?: boolean;
  className?: string | undefined;
}

function Below({ hint, error }: Pick<Common, 'hint' | 'error'>) {
  return (
    <>
      {hint && !error && (
        <Text slot="description" className={styles.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error!}>{error}</FieldError>
    </>
  );
}

function Caption({ label, required, hide }: { label: string; required?: boolean | undefined; hide?: boolean | undefined }) {
  return (
    <Label className={hide ? 'visually-hidden' : styles.label!}>
      {label}
      {required && <span aria-hidden="true"> *</span>}
    </Label>
  );
}

export interface TextFieldProps extends Common {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'email' | 'url' | 'tel' | 'date' | 'time' | 'datetime-local' | 'color';
  placeholder?: string;
  autoComplete?: string;
  inputMode?: 'text' | 'numeric' | 'decimal' | 'url' | 'email';
  autoFocus?: boolean;
  name?: string;
  /** Lines: a field of several. */
  rows?: number;
  monospace?: boolean;
  onBlur?: () => void;
  onKeyDown?: (event: { key: string; preventDefault: () => void }) => void;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, disabled, required, hideLabel, className, value, onChange, type = 'text', rows, placeholder, monospace, ...rest } = props;
  const { t } = useTranslation('components');
  const [seen, setSeen] = useState(false);
  const secret = type === 'password';
  return (
    <AriaTextField
      {...rest}
      value={value}
      onChange={onChange}
      type={(secret && seen ? 'text' : type) as 'text'}
      isInvalid={Boolean(error)}
      isDisabled={disabled ?? false}
      isRequired={required ?? false}
      validationBehavior="aria"
      className={`${styles.field} ${className ?? ''}`}
    >
      <Caption label={label} required={required} hide={hideLabel} />
      {rows ? (
        <TextArea rows={rows} className={`${styles.input} ${styles.area} ${monospace ? styles.mono : ''}`} {...(placeholder ? { placeholder } : {})} />
      ) : (
        <span className={styles.box}>
          <Input className={`${styles.input} ${monospace ? styles.mono : ''} ${secret ? styles.withButton : ''}`} {...(placeholder ? { placeholder } : {})} />
          {secret && (
            <AriaButton className={styles.inner!} slot={null} aria-label={t(seen ? 'hidePassword' : 'showPassword')} onPress={() => setSeen(!seen)}>
              <Icon path={seen ? mdiEyeOffOutline : mdiEyeOutline} size={20} />
            </AriaButton>
          )}
        </span>
      )}
      <Below hint={hint} error={error} />
    </AriaTextField>
  );
}

export function SearchField({ label, value, onChange, autoFocus, className }: { label: string; value: string; onChange: (value: string) => void; autoFocus?: boolean; className?: string | undefined }) {
  const { t } = useTranslation('components');
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} autoFocus={autoFocus ?? false} className={`${styles.search} ${className ?? ''}`}>
      <Icon path={mdiMagnify} size={20} className={styles.searchIcon} />
      <Input className={`${styles.input} ${styles.searchInput}`} placeholder={label} />
      {value && (
        <AriaButton className={styles.inner!} aria-label={t('clear')}>
          <Icon path={mdiClose} size={18} />
        </AriaButton>
      )}
    </AriaSearchField>
  );
}

export interface NumberFieldProps extends Common {
  /** null: nothing is in it. */
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  step?: number;
  unit?: string;
  autoFocus?: boolean;
}

export function NumberField({ label, hint, error, disabled, required, hideLabel, className, value, onChange, min, max, step, unit, autoFocus }: NumberFieldProps) {
  const { t } = useTranslation('components');
  const digits = step === undefined ? 6 : Math.max(0, Math.min(6, (String(step).split('.')[1] ?? '').length));
  return (
    <AriaNumberField
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      {...(min === undefined ? {} : { minValue: min })}
      {...(max === undefined ? {} : { maxValue: max })}
      {...(step === undefined ? {} : { step })}
      formatOptions={{ maximumFractionDigits: digits, useGrouping: false }}
      isInvalid={Boolean(error)}
      isDisabled={disabled ?? false}
      isRequired={required ?? false}
      autoFocus={autoFocus ?? false}
      validationBehavior="aria"
      className={`${styles.field} ${className ?? ''}`}
    >
      <Caption label={label} required={required} hide={hideLabel} />
      <Group className={styles.number!}>
        <AriaButton slot="decrement" className={styles.step!} aria-label={t('less')}>
          <Icon path={mdiMinus} size={18} />
        </AriaButton>
        <Input className={`${styles.input} ${styles.numberInput}`} />
        {unit && <span className={styles.unit}>{unit}</span>}
        <AriaButton slot="increment" className={styles.step!} aria-label={t('moreOf')}>
          <Icon path={mdiPlus} size={18} />
        </AriaButton>
      </Group>
      <Below hint={hint} error={error} />
    </AriaNumberField>
  );
}

export interface Option {
  value: string;
  label: string;
  /** A second, quieter line. */
  text?: string | undefined;
  /** Before the label. */
  icon?: ReactNode;
  disabled?: boolean;
}

/** `id` besides the option: by it the list knows its items again when the options change. */
function Item({ option }: { id: string; option: Option }) {
  return (
    <ListBoxItem id={option.value} textValue={option.label} isDisabled={option.disabled ?? false} className={styles.option!}>
      {({ isSelected }) => (
        <>
          {option.icon}
          <span className={styles.optionText}>
            <Text slot="label">{option.label}</Text>
            {option.text && (
              <Text slot="description" className={styles.optionMore!}>
                {option.text}
              </Text>
            )}
          </span>
          {isSelected && <Icon path={mdiCheck} size={20} />}
        </>
      )}
    </ListBoxItem>
  );
}

export interface SelectProps extends Common {
  options: readonly Option[];
  value: string | null;
  onChange: (value: string) => void;
  placeholder?: string;
}

/** One of a few; with more than about fifteen a `ComboBox` is quicker. */
export function Select({ label, hint, error, disabled, required, hideLabel, className, options, value, onChange, placeholder }: SelectProps) {
  const { t } = useTranslation('components');
  return (
    <AriaSelect
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      isInvalid={Boolean(error)}
      isDisabled={disabled ?? false}
      isRequired={required ?? false}
      placeholder={placeholder ?? t('choose')}
      validationBehavior="aria"
      className={`${styles.field} ${className ?? ''}`}
    >
      <Caption label={label} required={required} hide={hideLabel} />
      <AriaButton className={`${styles.input} ${styles.select}`}>
        <SelectValue className={styles.selectValue!}>{({ isPlaceholder, selectedText, defaultChildren }) => (isPlaceholder ? defaultChildren : selectedText)}</SelectValue>
        <Icon path={mdiChevronDown} size={20} />
      </AriaButton>
      <Below hint={hint} error={error} />
      <Popover className={styles.popover!}>
        <ListBox items={options} className={styles.list!}>
          {(option) => <Item id={option.value} option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export interface ComboBoxProps extends SelectProps {
  /** Whether a value that is no option may be typed. */
  custom?: boolean;
  autoFocus?: boolean;
}

/** How many options the list of a combo box shows: typing is quicker than scrolling through more. */
const SHOWN = 100;

/** One of many, found by typing; holds with tens of thousands of options. */
export function ComboBox({ label, hint, error, disabled, required, hideLabel, className, options, value, onChange, placeholder, custom, autoFocus }: ComboBoxProps) {
  const { t } = useTranslation('components');
  const selected = options.find((option) => option.value === value);
  const shownText = selected?.label ?? (custom ? (value ?? '') : '');
  const [typed, setTyped] = useState<string | null>(null);
  const box = useRef<HTMLSpanElement>(null);
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const fitting: Option[] = [];
  for (const option of options) {
    const text = `${option.label} ${option.text ?? ''} ${option.value}`.toLowerCase();
    if (words.every((word) => text.includes(word)) && fitting.push(option) >= SHOWN) break;
  }
  return (
    <AriaComboBox
      items={fitting}
      inputValue={typed ?? shownText}
      onInputChange={(text) => setTyped(text === shownText ? null : text)}
      value={value}
      onChange={(key) => {
        setTyped(null);
        if (key !== null) onChange(String(key));
      }}
      onBlur={() => {
        if (custom && typed !== null && typed !== value) onChange(typed);
        setTyped(null);
      }}
      allowsCustomValue={custom ?? false}
      allowsEmptyCollection
      menuTrigger="focus"
      isInvalid={Boolean(error)}
      isDisabled={disabled ?? false}
      isRequired={required ?? false}
      autoFocus={autoFocus ?? false}
      validationBehavior="aria"
      className={`${styles.field} ${className ?? ''}`}
    >
      <Caption label={label} required={required} hide={hideLabel} />
      <span ref={box} className={styles.box}>
        <Input className={`${styles.input} ${styles.withButton}`} placeholder={placeholder ?? t('search')} />
        <AriaButton className={styles.inner!}>
          <Icon path={mdiChevronDown} size={20} />
        </AriaButton>
      </span>
      <Below hint={hint} error={error} />
      <FollowingPopover field={box} className={styles.popover!}>
        <ListBox<Option> className={styles.list!} renderEmptyState={() => <p className={styles.nothing}>{t('nothingFound')}</p>}>
          {(option) => <Item id={option.value} option={option} />}
        </ListBox>
      </FollowingPopover>
    </AriaComboBox>
  );
}

export interface SwitchProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
  hint?: ReactNode;
  disabled?: boolean;
  hideLabel?: boolean;
  className?: string | undefined;
}

export function Switch({ label, value, onChange, hint, disabled, hideLabel, className }: SwitchProps) {
  return (
    <AriaSwitch isSelected={value} onChange={onChange} isDisabled={disabled ?? false} {...(hideLabel ? { 'aria-label': label } : {})} className={`${styles.switch} ${className ?? ''}`}>
      {!hideLabel && (
        <span className={styles.switchText}>
          {label}
          {hint && <span className={styles.hint}>{hint}</span>}
        </span>
      )}
      <span className={styles.track} aria-hidden="true">
        <span className={styles.knob} />
      </span>
    </AriaSwitch>
  );
}

export function Checkbox({ label, value, onChange, hint, disabled, hideLabel, indeterminate, className }: SwitchProps & { indeterminate?: boolean }) {
  return (
    <AriaCheckbox
      isSelected={value}
      onChange={onChange}
      isDisabled={disabled ?? false}
      isIndeterminate={indeterminate ?? false}
      {...(hideLabel ? { 'aria-label': label } : {})}
      className={`${styles.checkbox} ${className ?? ''}`}
    >
      <span className={styles.check} aria-hidden="true">
        <Icon path={indeterminate ? mdiMinus : mdiCheck} size={16} />
      </span>
      {!hideLabel && (
        <span className={styles.switchText}>
          {label}
          {hint && <span className={styles.hint}>{hint}</span>}
        </span>
      )}
    </AriaCheckbox>
  );
}

export interface SliderProps {
  label: string;
  value: number;
  /** While it moves. */
  onChange?: (value: number) => void;
  /** When it is let go: where to send a command. */
  onChangeEnd?: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** The value in words. */
  format?: (value: number) => string;
  disabled?: boolean;
  hideLabel?: boolean;
  /** Thick, to be used with a finger: dialogs and cards. */
  large?: boolean;
  vertical?: boolean;
  /** CSS background of the track (colour temperature, hue); without it the part before the thumb is filled. */
  track?: string;
  /** CSS colour of the filled part. */
  color?: string;
  className?: string | undefined;
}

/** Follows `value` from outside except while it is being moved. */
export function Slider({ label, value, onChange, onChangeEnd, min = 0, max = 100, step = 1, format, disabled, hideLabel, large, vertical, track, color, className }: SliderProps) {
  const [moving, setMoving] = useState<number | null>(null);
  const shown = moving ?? Math.min(max, Math.max(min, Number.isFinite(value) ? value : min));
  const share = max > min ? (shown - min) / (max - min) : 0;
  const move = (next: number) => {
    setMoving(next);
    onChange?.(next);
  };
  const end = (next: number) => {
    setMoving(null);
    onChangeEnd?.(next);
  };
  const byTouch = useSlideByTouch({ scale: { min, max, step }, off: disabled ?? false, onMove: move, onCancel: () => setMoving(null), onEnd: (next) => { onChange?.(next); end(next); } });
  return (
    <AriaSlider
      value={shown}
      minValue={min}
      maxValue={max}
      step={step}
      isDisabled={disabled ?? false}
      orientation={vertical ? 'vertical' : 'horizontal'}
      onChange={(next) => move(next as number)}
      onChangeEnd={(next) => end(next as number)}
      {...(hideLabel ? { 'aria-label': label } : {})}
      className={`${styles.slider} ${large ? styles.large : ''} ${vertical ? styles.vertical : ''} ${className ?? ''}`}
    >
      {!hideLabel && (
        <span className={styles.sliderHead}>
          <Label>{label}</Label>
          <SliderOutput>{format ? format(shown) : shown}</SliderOutput>
        </span>
      )}
      <SliderTrack {...(vertical ? {} : byTouch)} className={styles.sliderTrack!} style={track ? { background: track } : {}}>
        {!track && (
          <span
            className={styles.fill}
            style={{ [vertical ? 'height' : 'width']: `${share * 100}%`, ...(color ? { background: color } : {}) }}
          />
        )}
        <SliderThumb className={`${styles.thumb} ${track ? styles.ring : ''}`} {...(format ? { 'aria-valuetext': format(shown) } : {})} />
      </SliderTrack>
    </AriaSlider>
  );
}
