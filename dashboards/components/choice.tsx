/** One of a few, with its label. */
export function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly choose: (value: string) => void;
}) {
  return (
    <label class="field setting">
      <span>{props.label}</span>
      <select value={props.value} onChange={({ currentTarget: { value } }) => props.choose(value)}>
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
