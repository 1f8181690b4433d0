-- is not a code of the list country, or stands twice
-- hint: ISO 3166-1 alpha-2 codes of schemas/codes/country.yaml, separated by single spaces, each once.
SELECT s.source_id AS record_id, 'covers_countries' AS field, s.country AS value
FROM (
    SELECT source_id, country, count(*) AS times
    FROM (SELECT source_id, unnest(string_split(covers_countries, ' ')) AS country FROM sources)
    GROUP BY ALL
) AS s
WHERE s.times > 1 OR NOT EXISTS (SELECT 1 FROM codes AS k WHERE k.code_list = 'country' AND k.code = s.country)
ORDER BY ALL
