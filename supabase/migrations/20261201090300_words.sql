-- The words of a kitchen, everyday words, and which words a handbook has.

-- Terms of an organisation.

create table public.handbook_terms (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  concept text not null check (length(concept) between 1 and 60 and concept not like '~%'),
  language text not null check (language in ('en', 'es')),
  term text not null check (length(term) between 1 and 60),
  means text check (length(means) between 1 and 200),
  lexemes text[] not null default '{}',
  is_small_words boolean not null default false,
  unique (organisation_id, language, term, concept)
);
create index handbook_terms_concept on public.handbook_terms (organisation_id, concept);
-- A question that has all lexemes of a term has the first.
create index handbook_terms_lexeme on public.handbook_terms (organisation_id, language, (lexemes[1]));
comment on table public.handbook_terms is
  'Words of a kitchen. Terms of one concept mean the same to the search. See docs/decisions/0037-terms.md.';
comment on column public.handbook_terms.concept is
  'The name of the organisation for the thing, the same for all its terms. Concepts with "~" are in private.vocabulary.';
comment on column public.handbook_terms.term is 'One or more words. A question has the term when it has all of them.';
comment on column public.handbook_terms.means is 'The term in plain words, for people and for the voice.';
comment on column public.handbook_terms.lexemes is
  'The stems of the term, or its words where it has small words only ("out of"). A trigger writes them.';

create function private.read_term() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.term := btrim(new.term);
  new.lexemes := tsvector_to_array(case new.language
    when 'es' then to_tsvector('private.spanish', new.term)
    else to_tsvector('private.english', new.term) end);
  new.is_small_words := new.lexemes = '{}';
  if new.is_small_words then
    new.lexemes := tsvector_to_array(to_tsvector('private.simple', new.term));
  end if;
  if new.lexemes = '{}' then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a term has a letter or a digit';
  end if;
  return new;
end
$$;
comment on function private.read_term is 'Writes the lexemes of a term.';

create trigger read_term
  before update of term, language, lexemes, is_small_words on public.handbook_terms
  for each row execute function private.read_term();
create trigger read_new_term
  before insert on public.handbook_terms
  for each row when (new.lexemes = '{}') execute function private.read_term();

alter table public.handbook_terms enable row level security;
alter table public.handbook_terms force row level security;

create policy "members read their organisations' terms" on public.handbook_terms
  for select to authenticated
  using (organisation_id in (select private.organisations_of_caller()));

revoke all on public.handbook_terms from public, anon, authenticated;
grant select on public.handbook_terms to authenticated;
grant all on public.handbook_terms to service_role;

create function public.save_term(
  _organisation_id uuid,
  _concept text,
  _language text,
  _term text,
  _means text default null
) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  _id uuid;
begin
  perform private.require_writer(_organisation_id, null);
  insert into public.handbook_terms as h (organisation_id, concept, language, term, means)
    values (_organisation_id, btrim(_concept), _language, btrim(_term), nullif(btrim(_means), ''))
    on conflict (organisation_id, language, term, concept) do update set means = excluded.means
    returning h.id into _id;
  return _id;
exception
  when integrity_constraint_violation or data_exception then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a term has a concept and at most 60 characters, and what it means at most 200';
end
$$;
comment on function public.save_term is
  'Adds a term to a brand, or changes its meaning. Returns its id.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

create function public.forget_term(_term_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _organisation_id uuid;
begin
  select h.organisation_id into _organisation_id from public.handbook_terms h where h.id = _term_id;
  if not found or not private.is_insider(_organisation_id, null) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_writer(_organisation_id, null);
  delete from public.handbook_terms h where h.id = _term_id;
end
$$;
comment on function public.forget_term is
  'Removes a term from its brand. Raises HR005 not_found, HR004 not_allowed.';

revoke execute on function public.save_term from public, anon;
revoke execute on function public.forget_term from public, anon;
grant execute on function public.save_term to authenticated, service_role;
grant execute on function public.forget_term to authenticated, service_role;

create function private.kitchen_words(_organisation_id uuid, _limit integer) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('term', t.term, 'means', t.means) order by t.language, t.term), '[]')
  from (
    select distinct on (h.language, h.term) h.language, h.term, h.means
    from public.handbook_terms h
    where h.organisation_id = _organisation_id and h.means is not null
    order by h.language, h.term, h.concept
    limit _limit
  ) t
$$;
comment on function private.kitchen_words is
  'Terms with a meaning, as [{term, means}], for the voice: people outside a kitchen do not know them.
  Ordered by language and term, at most `_limit`.';

-- Default terms.

create table private.default_terms (
  concept text not null,
  language text not null,
  term text not null,
  means text,
  lexemes text[] not null,
  is_small_words boolean not null,
  primary key (language, term, concept)
);
comment on table private.default_terms is
  'Every new organisation receives a copy. General words of kitchens in American English and the Spanish spoken there.';
alter table private.default_terms enable row level security;

with said (concept, english, spanish) as (values
  -- food
  ('chicken', 'chicken, poultry, bird, hen', 'pollo, ave, gallina, pechuga'),
  ('turkey', 'turkey', 'pavo, guajolote'),
  ('duck', 'duck', 'pato'),
  ('beef', 'beef', 'res, carne de res'),
  ('steak', 'steak', 'filete, bistec, corte, arrachera'),
  ('ground meat', 'ground meat, ground beef, mince', 'carne molida, picadillo'),
  ('burger', 'burger, hamburger, patty', 'hamburguesa, torta de carne'),
  ('pork', 'pork, hog', 'cerdo, puerco, chancho'),
  ('ham', 'ham', 'jamón'),
  ('bacon', 'bacon', 'tocino, panceta'),
  ('sausage', 'sausage, hot dog, frank', 'salchicha, chorizo'),
  ('lamb', 'lamb', 'cordero, borrego'),
  ('ribs', 'ribs, rib', 'costilla'),
  ('roast', 'roast, prime rib, prime', 'asado, rosbif'),
  ('meat', 'meat', 'carne, proteína'),
  ('protein', 'protein', 'proteína, carne'),
  ('fish', 'fish, fillet', 'pescado, filete'),
  ('salmon', 'salmon', 'salmón'),
  ('cod', 'cod', 'bacalao'),
  ('tuna', 'tuna', 'atún'),
  ('shellfish', 'shellfish, seafood', 'marisco, mariscos'),
  ('oyster', 'oyster, oysters', 'ostión, ostra'),
  ('clam', 'clam, clams', 'almeja'),
  ('mussel', 'mussel, mussels', 'mejillón'),
  ('lobster', 'lobster', 'langosta'),
  ('crab', 'crab', 'cangrejo, jaiba'),
  ('shrimp', 'shrimp, prawn', 'camarón, gamba'),
  ('egg', 'egg', 'huevo, blanquillo'),
  ('yolk', 'yolk', 'yema'),
  ('egg white', 'egg white', 'clara'),
  ('milk', 'milk, dairy', 'leche, lácteo'),
  ('cheese', 'cheese', 'queso'),
  ('butter', 'butter', 'mantequilla'),
  ('cream', 'cream', 'crema, nata'),
  ('yogurt', 'yogurt', 'yogur'),
  ('ice cream', 'ice cream', 'helado, nieve'),
  ('rice', 'rice', 'arroz'),
  ('bean', 'bean', 'frijol, habichuela'),
  ('lentil', 'lentil', 'lenteja'),
  ('pasta', 'pasta, noodle', 'pasta, fideo, tallarín'),
  ('bread', 'bread, roll, bun', 'pan, bolillo, bollo, panecillo'),
  ('flour', 'flour', 'harina'),
  ('dough', 'dough', 'masa'),
  ('corn', 'corn, maize', 'maíz, elote'),
  ('tortilla', 'tortilla', 'tortilla'),
  ('taco', 'taco', 'taco'),
  ('chip', 'chip, tortilla chip', 'totopo'),
  ('potato', 'potato, spud', 'papa, patata'),
  ('fries', 'fries, french fries', 'papas fritas, papas a la francesa'),
  ('soup', 'soup, chowder, gumbo, bisque', 'sopa, caldo, crema, potaje'),
  ('broth', 'broth, stock', 'caldo, consomé, fondo'),
  ('stew', 'stew, chili', 'guiso, guisado, estofado'),
  ('sauce', 'sauce, gravy', 'salsa'),
  ('salsa', 'salsa', 'salsa'),
  ('dressing', 'dressing, vinaigrette', 'aderezo, vinagreta'),
  ('mayonnaise', 'mayonnaise, mayo, aioli', 'mayonesa'),
  ('ketchup', 'ketchup, catsup', 'cátsup'),
  ('mustard', 'mustard', 'mostaza'),
  ('salad', 'salad', 'ensalada'),
  ('slaw', 'slaw, coleslaw', 'ensalada de col'),
  ('lettuce', 'lettuce', 'lechuga'),
  ('cabbage', 'cabbage', 'col, repollo'),
  ('tomato', 'tomato', 'tomate, jitomate'),
  ('onion', 'onion', 'cebolla'),
  ('garlic', 'garlic', 'ajo'),
  ('avocado', 'avocado, avo, aguacate', 'aguacate, palta'),
  ('guacamole', 'guacamole, guac', 'guacamole, guac'),
  ('pepper', 'pepper, chile', 'chile, pimiento, ají'),
  ('cilantro', 'cilantro, coriander', 'cilantro'),
  ('lime', 'lime', 'limón, lima'),
  ('lemon', 'lemon', 'limón'),
  ('pineapple', 'pineapple', 'piña'),
  ('melon', 'melon', 'melón, sandía'),
  ('fruit', 'fruit', 'fruta'),
  ('vegetable', 'vegetable, produce, veggie', 'verdura, vegetal, hortaliza'),
  ('herb', 'herb', 'hierba'),
  ('spice', 'spice, seasoning', 'especia, condimento, sazonador'),
  ('salt', 'salt', 'sal'),
  ('sugar', 'sugar, sweetener', 'azúcar, piloncillo'),
  ('honey', 'honey', 'miel'),
  ('oil', 'oil', 'aceite'),
  ('fat', 'fat, grease', 'grasa'),
  ('lard', 'lard', 'manteca'),
  ('shortening', 'shortening', 'manteca vegetal'),
  ('vinegar', 'vinegar', 'vinagre'),
  ('nut', 'nut, tree nut', 'nuez, frutos secos'),
  ('peanut', 'peanut', 'cacahuate, maní'),
  ('almond', 'almond', 'almendra'),
  ('gluten', 'gluten, wheat, celiac', 'gluten, trigo, celíaco'),
  ('soy', 'soy', 'soya, soja'),
  ('sesame', 'sesame', 'ajonjolí, sésamo'),
  ('batter', 'batter, breading', 'rebozado, capeado, empanizado'),
  ('allergy', 'allergy, allergic, allergen', 'alergia, alérgico, alérgeno'),
  ('food', 'food', 'comida, alimento'),
  ('dish', 'dish, plate', 'plato'),
  ('leftover', 'leftover, leftovers', 'sobra, sobras, sobrante'),
  ('raw', 'raw, uncooked', 'crudo'),
  ('sushi', 'sushi, crudo, ceviche', 'sushi, ceviche'),
  ('dessert', 'dessert', 'postre'),
  ('cake', 'cake, pie, brownie', 'pastel, pay, tarta'),
  ('pizza', 'pizza', 'pizza'),
  ('sandwich', 'sandwich', 'sándwich, torta'),
  ('buffet', 'buffet', 'bufé, bufet, buffet'),
  ('banquet', 'banquet, catering, private party, function', 'banquete, evento, fiesta privada'),
  ('portion', 'portion, serving, scoop', 'porción, ración'),
  ('recipe', 'recipe', 'receta'),
  ('ingredient', 'ingredient', 'ingrediente'),
  ('garnish', 'garnish', 'guarnición, decoración'),
  ('marinade', 'marinade, marinate, rub, adobo', 'marinar, marinado, adobo, adobar'),
  ('water', 'water', 'agua'),
  ('ice', 'ice', 'hielo'),
  ('coffee', 'coffee', 'café'),
  ('tea', 'tea', 'té'),
  ('juice', 'juice', 'jugo, zumo'),
  ('soda', 'soda, pop, soft drink', 'refresco, gaseosa'),
  ('beer', 'beer, draft, draught', 'cerveza, chela'),
  ('keg', 'keg', 'barril, keg'),
  ('wine', 'wine', 'vino'),
  ('alcohol', 'alcohol, liquor, booze', 'alcohol, licor'),
  ('hibiscus', 'hibiscus', 'jamaica, flor de jamaica'),
  ('drink', 'drink, beverage', 'bebida, beber, tomar'),
  -- heat and cold
  ('temperature', 'temperature, temp, degree, F, C, hot, cold, warm', 'temperatura, grado, F, C, caliente, frío'),
  ('hot', 'hot, heat, warm', 'caliente, calor, calentar, tibio'),
  ('cold', 'cold, cool', 'frío'),
  ('cook', 'cook, cooked, cooking', 'cocinar, cocido, cocer, cocción'),
  ('done', 'done, cooked through', 'listo, cocido, en su punto'),
  ('rare', 'rare, medium, pink', 'término medio, rojo, rosado'),
  ('boil', 'boil, boiling, simmer', 'hervir, hervor'),
  ('fry', 'fry, deep fry', 'freír, frito'),
  ('grill', 'grill, griddle, flat top, plancha', 'parrilla, plancha, comal'),
  ('sear', 'sear, char', 'sellar, dorar'),
  ('bake', 'bake', 'hornear'),
  ('roasting', 'roasting', 'asar, rostizar'),
  ('smoke', 'smoke, smoked', 'ahumar, ahumado'),
  ('blanch', 'blanch', 'blanquear, escaldar'),
  ('reheat', 'reheat, rewarm, warm up', 'recalentar'),
  ('cooling', 'cooling, chill, cool down', 'enfriar, enfriamiento'),
  ('freeze', 'freeze, frozen', 'congelar, congelado'),
  ('freezer', 'freezer, deep freeze', 'congelador, cámara de congelación'),
  ('thaw', 'thaw, defrost', 'descongelar, deshielo'),
  ('frost', 'frost, ice buildup', 'escarcha'),
  ('fridge', 'fridge, refrigerator, cooler, reach-in, low-boy', 'refrigerador, refri, nevera, heladera, hielera'),
  ('walk-in', 'walk-in, walkin, cold room', 'walk-in, cámara fría, cuarto frío, cava'),
  ('blast chiller', 'blast chiller, chiller', 'abatidor'),
  ('thermometer', 'thermometer, probe', 'termómetro, sonda'),
  ('oven', 'oven', 'horno'),
  ('stove', 'stove, burner, range, pilot', 'estufa, hornilla, quemador, piloto'),
  ('fryer', 'fryer, deep fryer', 'freidora'),
  ('microwave', 'microwave', 'microondas'),
  ('steam table', 'steam table, hot box, bain marie, hot hold, warmer', 'mesa de vapor, baño maría, hot box, gabinete caliente, calentador'),
  ('ice bath', 'ice bath', 'baño de hielo, baño de agua con hielo'),
  ('pot', 'pot, kettle', 'olla, cazo, cazuela, perol'),
  ('pan', 'pan, skillet', 'sartén, bandeja'),
  ('tray', 'tray, sheet pan, hotel pan, sheet tray', 'charola, bandeja'),
  ('hold', 'hold, holding, keep', 'mantener, conservar, aguantar'),
  ('calibrate', 'calibrate, calibration, adjust', 'calibrar, calibración, ajustar'),
  ('pressure', 'pressure', 'presión'),
  -- time and stores
  ('date', 'date, dated', 'fecha, fechar'),
  ('label', 'label, tag, sticker', 'etiqueta, etiquetar'),
  ('expire', 'expire, expired, expiration, out of date, shelf life', 'caducar, caducidad, vencer, vencido, vencimiento'),
  ('spoil', 'spoil, go bad, rot', 'echarse a perder, descomponerse'),
  ('throw', 'throw, toss, discard, trash, dump, chuck, pitch', 'tirar, desechar, botar'),
  ('last', 'last, good for, keep for', 'durar, aguantar'),
  ('store', 'store, storage, put away', 'guardar, almacenar, almacenamiento, almacén'),
  ('dry storage', 'dry storage, dry, pantry', 'almacén seco, despensa, bodega'),
  ('shelf', 'shelf, shelves, rack', 'estante, repisa, anaquel'),
  ('rotate', 'rotate, rotation, fifo', 'rotar, rotación'),
  ('delivery', 'delivery, truck, shipment, vendor, supplier', 'entrega, camión, troca, proveedor, repartidor'),
  ('receive', 'receive, receiving, accept', 'recibir, recepción'),
  ('invoice', 'invoice, receipt', 'factura, recibo, ticket, nota'),
  ('order', 'order, ordering', 'pedido, orden, ordenar'),
  ('inventory', 'inventory, count, stock', 'inventario, conteo, existencias'),
  ('box', 'box, case, carton', 'caja, cartón'),
  ('container', 'container, tub, bin, lexan, cambro, deli', 'recipiente, contenedor, envase, bote, tina'),
  ('bag', 'bag, sack', 'bolsa, costal'),
  ('bottle', 'bottle', 'botella'),
  ('jar', 'jar', 'frasco, tarro, vitrolero'),
  ('bucket', 'bucket, pail', 'cubeta, balde, cubo'),
  ('garbage', 'garbage, trash, rubbish, dumpster', 'basura, contenedor, basurero'),
  ('recycle', 'recycle, recycling, compost', 'reciclar, reciclaje, composta'),
  -- clean
  ('wash', 'wash, washing', 'lavar, lavado'),
  ('hand', 'hand', 'mano'),
  ('glove', 'glove', 'guante'),
  ('soap', 'soap, detergent', 'jabón, detergente'),
  ('clean', 'clean, cleaning, scrub', 'limpiar, limpieza, limpio, tallar, fregar'),
  ('sanitize', 'sanitize, sanitizer, sanitizing, disinfect, disinfectant, quat', 'desinfectar, desinfectante, sanitizar, sanitizante, desinfección'),
  ('bleach', 'bleach, chlorine', 'cloro, lejía'),
  ('chemical', 'chemical, cleaner', 'químico, limpiador'),
  ('delimer', 'delimer, descaler, lime scale', 'desincrustante, quita sarro, sarro'),
  ('degreaser', 'degreaser', 'desengrasante'),
  ('rag', 'rag, towel, cloth, side towel', 'trapo, toalla, paño'),
  ('wipe', 'wipe, wipe down', 'limpiar, pasar el trapo'),
  ('mop', 'mop', 'trapeador, trapear, mopa, fregona'),
  ('broom', 'broom, sweep', 'escoba, barrer'),
  ('sink', 'sink, basin', 'fregadero, lavabo, tarja, lavamanos'),
  ('dishwasher', 'dishwasher, dish machine, dishmachine, warewasher, dish pit, pit', 'lavavajillas, lavaplatos, lavatrastes, máquina de platos'),
  ('dishes', 'dishes, ware', 'trastes, vajilla, platos'),
  ('rinse', 'rinse', 'enjuagar, enjuague'),
  ('dry', 'dry, drying, air dry', 'secar, seco'),
  ('board', 'board, cutting board', 'tabla, tabla de cortar'),
  ('knife', 'knife, blade', 'cuchillo, navaja'),
  ('slicer', 'slicer', 'rebanadora, cortadora'),
  ('mixer', 'mixer, blender', 'batidora, licuadora'),
  ('scale', 'scale', 'báscula, balanza'),
  ('take apart', 'take apart, disassemble, break down, breakdown', 'desarmar, desmontar'),
  ('floor', 'floor, ground', 'piso, suelo'),
  ('drain', 'drain', 'drenaje, desagüe, coladera'),
  ('grease trap', 'grease trap', 'trampa de grasa'),
  ('wall', 'wall', 'pared'),
  ('hood', 'hood, vent, exhaust', 'campana, extractor'),
  ('filter', 'filter', 'filtro'),
  ('bathroom', 'bathroom, restroom, toilet', 'baño, sanitario'),
  ('pest', 'pest, bug, insect, critter', 'plaga, bicho, insecto'),
  ('roach', 'roach, cockroach', 'cucaracha'),
  ('mouse', 'mouse, mice, rat, rodent, droppings', 'ratón, rata, roedor, excremento'),
  ('fly', 'fly, flies', 'mosca'),
  ('trap', 'trap', 'trampa'),
  ('mold', 'mold, fuzz, mildew', 'moho'),
  ('smell', 'smell, odor, stink', 'oler, olor, apestar'),
  ('contaminate', 'contaminate, contamination, cross contact, cross contamination', 'contaminar, contaminación, contaminación cruzada'),
  -- people
  ('sick', 'sick, ill, illness, disease', 'enfermo, enfermedad, enfermar'),
  ('vomit', 'vomit, throw up, puke', 'vomitar, vómito, guácara'),
  ('diarrhea', 'diarrhea, runs', 'diarrea'),
  ('nausea', 'nausea', 'náusea'),
  ('fever', 'fever', 'fiebre, calentura'),
  ('throat', 'throat, sore throat', 'garganta, dolor de garganta'),
  ('jaundice', 'jaundice, yellow skin', 'ictericia, piel amarilla'),
  ('cough', 'cough', 'tos, toser'),
  ('sneeze', 'sneeze', 'estornudar, estornudo'),
  ('cold (2)', 'cold, flu, runny nose', 'gripa, gripe, resfriado, catarro'),
  ('doctor', 'doctor', 'doctor, médico'),
  ('hospital', 'hospital, urgent care, clinic', 'hospital, clínica, urgencias'),
  ('medicine', 'medicine, pill', 'medicina, pastilla'),
  ('cut', 'cut, wound, slice, sliced', 'cortar, cortada, herida, cortadura'),
  ('bandage', 'bandage, band-aid, gauze', 'curita, venda, vendaje, gasa'),
  ('blood', 'blood, bleed, bleeding', 'sangre, sangrar'),
  ('infected', 'infected, pus, boil, sore', 'infectado, pus, llaga'),
  ('burn', 'burn, burned, scald', 'quemar, quemadura'),
  ('finger', 'finger, thumb', 'dedo, pulgar'),
  ('arm', 'arm', 'brazo'),
  ('skin', 'skin', 'piel'),
  ('eye', 'eye', 'ojo'),
  ('choke', 'choke, choking, heimlich', 'atragantar, ahogar, asfixia'),
  ('hair', 'hair', 'pelo, cabello'),
  ('hairnet', 'hairnet, hair net', 'redecilla'),
  ('beard', 'beard', 'barba'),
  ('nail', 'nail', 'uña'),
  ('jewelry', 'jewelry, ring, bracelet, watch, necklace', 'joya, joyería, anillo, pulsera, reloj'),
  ('earring', 'earring, piercing', 'arete, perforación'),
  ('shoe', 'shoe, boot, clog, footwear', 'zapato, calzado, bota'),
  ('uniform', 'uniform, dress code', 'uniforme'),
  ('apron', 'apron', 'delantal, mandil'),
  ('hat', 'hat, cap, bandana', 'gorra, gorro, paliacate'),
  ('shirt', 'shirt, coat, jacket', 'camisa, camiseta, filipina'),
  ('pants', 'pants', 'pantalón'),
  ('wear', 'wear, put on', 'usar, llevar, ponerse'),
  ('eat', 'eat, snack, bite', 'comer, probar, picar'),
  ('taste', 'taste, tasting', 'probar, prueba'),
  ('chew', 'chew, gum', 'chicle, mascar'),
  ('smoke (2)', 'smoke, vape, cigarette', 'fumar, vapear, cigarro'),
  ('phone', 'phone, cell, cellphone', 'teléfono, celular, móvil'),
  ('break', 'break, rest', 'descanso, pausa'),
  ('meal', 'meal, lunch, family meal, staff meal', 'comida, almuerzo, lonche, comida del personal, family meal'),
  ('shift', 'shift', 'turno'),
  ('schedule', 'schedule, rota', 'horario'),
  ('post', 'post, posted', 'publicar'),
  ('late', 'late, tardy', 'tarde, retraso, retrasado'),
  ('early', 'early', 'temprano'),
  ('dawn', 'dawn, early morning', 'madrugada'),
  ('call out', 'call out, call in, call off, no show, absent', 'faltar, ausente, avisar, reportarse'),
  ('swap', 'swap, trade, cover, switch', 'cambiar, intercambiar, cambio, cubrir'),
  ('overtime', 'overtime, extra hours', 'horas extra, tiempo extra'),
  ('day off', 'day off, time off, vacation, pto', 'vacaciones, día libre, descanso'),
  ('pay', 'pay, paid, paycheck, wage, salary', 'pagar, pago, sueldo, salario, quincena'),
  ('tip', 'tip, tips, gratuity, tip pool', 'propina, propinas'),
  ('cash', 'cash, money, bucks', 'efectivo, dinero, feria, lana'),
  ('petty cash', 'petty cash', 'caja chica'),
  ('register', 'register, till, drawer, cashier', 'caja, cajero'),
  ('clock', 'clock, clock in, punch', 'checar, fichar, reloj'),
  ('manager', 'manager, supervisor, boss, lead, MOD', 'gerente, encargado, supervisor, jefe, mánager'),
  ('chef', 'chef, sous', 'chef'),
  ('owner', 'owner', 'dueño, patrón'),
  ('cook (2)', 'cook, line cook', 'cocinero'),
  ('worker', 'worker, employee, staff, crew, team', 'empleado, trabajador, personal, equipo'),
  ('coworker', 'coworker, partner, teammate, buddy', 'compañero, cuate, colega'),
  ('server', 'server, waiter, waitress', 'mesero, camarero'),
  ('busser', 'busser, runner', 'ayudante de mesero, garrotero, corredor'),
  ('bartender', 'bartender, bar', 'cantinero, barra, bar'),
  ('host', 'host, hostess', 'anfitrión'),
  ('dishwasher (2)', 'dishwasher, pit crew', 'lavaplatos'),
  ('guest', 'guest, customer, client, diner', 'cliente, invitado, huésped, comensal'),
  ('pregnant', 'pregnant', 'embarazada'),
  ('child', 'child, kid, baby', 'niño, chamaco, bebé'),
  ('minor', 'minor, teenager, under eighteen, teen', 'menor, menor de edad, adolescente'),
  ('years old', 'years old, age', 'años, edad'),
  ('new', 'new, new hire, trainee, newbie, first day', 'nuevo, recién contratado, nuevo ingreso'),
  ('training', 'training, train, shadow', 'capacitación, entrenamiento, entrenar'),
  ('harass', 'harass, harassment, bully, hit on, grope', 'acoso, acosar, hostigar'),
  ('joke', 'joke, crack, insult, slur', 'chiste, burla, insulto'),
  ('retaliate', 'retaliate, retaliation, punish', 'represalia, desquitarse, castigar'),
  ('report', 'report, tell', 'reportar, avisar, denunciar, informar'),
  ('complaint', 'complaint, complain', 'queja, quejarse'),
  ('investigate', 'investigate, look into', 'investigar, investigación'),
  ('fight', 'fight, argue', 'pelea, pelear'),
  ('steal', 'steal, theft, stolen', 'robar, robo'),
  ('fire someone', 'fire someone, fired, terminate', 'despedir, correr'),
  ('write up', 'write up, warning, discipline', 'amonestación, reporte, sanción'),
  -- safety
  ('fire', 'fire, flame', 'fuego, incendio, llama'),
  ('extinguisher', 'extinguisher', 'extintor, extinguidor'),
  ('gas', 'gas', 'gas'),
  ('leak', 'leak', 'fuga, gotera'),
  ('alarm', 'alarm', 'alarma'),
  ('power', 'power, electricity, outage, blackout, lights out', 'luz, electricidad, apagón, corriente'),
  ('turn on', 'turn on, switch on, light', 'prender, encender'),
  ('turn off', 'turn off, shut off, switch off, kill', 'apagar, cerrar'),
  ('slip', 'slip, fall, fell, trip', 'resbalar, caer, caída, tropezar'),
  ('wet', 'wet, wet floor', 'mojado, húmedo'),
  ('spill', 'spill, spilled', 'derrame, derramar, tirar'),
  ('injury', 'injury, injured, hurt, accident', 'lesión, lastimar, accidente, herir'),
  ('emergency', 'emergency', 'emergencia'),
  ('ambulance', 'ambulance, nine one one', 'ambulancia'),
  ('defibrillator', 'defibrillator, aed', 'desfibrilador'),
  ('inspector', 'inspector, inspection, health department', 'inspector, inspección, salubridad'),
  ('poison', 'poison', 'veneno, intoxicar'),
  ('lift', 'lift, carry, heavy', 'levantar, cargar, pesado'),
  ('back', 'back', 'espalda'),
  ('ladder', 'ladder, climb', 'escalera, subir'),
  ('sharp', 'sharp, sharpen', 'afilar, filo, afilado'),
  ('broken', 'broken, broke, busted', 'roto, romper, descompuesto'),
  ('glass', 'glass', 'vidrio, vaso, cristal'),
  ('lock', 'lock, padlock', 'candado, cerradura'),
  ('key', 'key', 'llave'),
  ('door', 'door', 'puerta'),
  ('locked in', 'locked in, trapped, stuck', 'encerrado, atrapado'),
  ('open', 'open, opening, opener', 'abrir, apertura'),
  ('close', 'close, closing, closer, close out', 'cerrar, cierre'),
  ('robbery', 'robbery, robbed, break-in, forced', 'robo, asalto, forzado'),
  ('locker', 'locker', 'casillero, locker'),
  ('lost', 'lost, found, lost and found', 'perdido, encontrado, objetos perdidos'),
  ('parking', 'parking, park, car', 'estacionamiento, estacionar, carro, coche, auto'),
  ('bike', 'bike, bicycle', 'bicicleta, bici'),
  ('dog', 'dog, service dog, service animal', 'perro, animal de servicio, perro guía'),
  ('camera', 'camera', 'cámara'),
  ('music', 'music', 'música'),
  -- work
  ('line', 'line, station, post', 'línea, estación'),
  ('line check', 'line check, walk through', 'revisión de línea, line check'),
  ('prep', 'prep, prepare, mise, mise en place', 'preparar, preparación, mise en place'),
  ('table', 'table', 'mesa'),
  ('kitchen', 'kitchen, back of house, BOH', 'cocina, back of house'),
  ('dining room', 'dining room, front of house, FOH, floor', 'comedor, salón, piso'),
  ('window', 'window, pass, expo', 'ventana, pase, ventanilla'),
  ('ticket', 'ticket, chit', 'comanda, ticket, nota'),
  ('menu', 'menu', 'carta, menú'),
  ('takeout', 'takeout, to go, takeaway, togo', 'para llevar'),
  ('86', '86, 86''d, eighty-six, eighty six, out of, sold out, ran out', '86, ochenta y seis, se acabó, agotado'),
  ('remake', 'remake, send back, comp', 'rehacer, devolver'),
  ('behind', 'behind, corner, blind corner', 'atrás, esquina'),
  ('garde manger', 'garde manger, pantry station, cold station', 'garde manger, estación fría'),
  ('in the weeds', 'in the weeds, slammed, busy', 'atareado, lleno'),
  ('day', 'day', 'día'),
  ('daily', 'daily, every day', 'diario, diariamente, cada día'),
  ('hour', 'hour', 'hora'),
  ('minute', 'minute', 'minuto'),
  ('second', 'second', 'segundo'),
  ('week', 'week, weekly', 'semana, semanal'),
  ('month', 'month, monthly', 'mes, mensual'),
  ('year', 'year', 'año'),
  ('night', 'night, overnight', 'noche, toda la noche'),
  ('morning', 'morning', 'mañana'),
  ('afternoon', 'afternoon', 'tarde'),
  ('yesterday', 'yesterday, day before', 'ayer, día anterior'),
  ('today', 'today', 'hoy'),
  ('tomorrow', 'tomorrow', 'mañana'),
  ('weekend', 'weekend', 'fin de semana'),
  ('monday', 'monday', 'lunes'),
  ('tuesday', 'tuesday', 'martes'),
  ('wednesday', 'wednesday', 'miércoles'),
  ('thursday', 'thursday', 'jueves'),
  ('friday', 'friday', 'viernes'),
  ('saturday', 'saturday', 'sábado'),
  ('sunday', 'sunday', 'domingo'),
  ('school', 'school, school night', 'escuela, clases'),
  ('change', 'change, replace, refill, top off', 'cambiar, reemplazar, rellenar'),
  ('check', 'check, verify, test', 'revisar, verificar, comprobar'),
  ('touch', 'touch, handle, bare hands', 'tocar, manejar'),
  ('safe', 'safe', 'seguro, segura'),
  ('serve', 'serve, serving', 'servir'),
  ('cover', 'cover, lid, wrap', 'cubrir, tapar, tapa, envolver'),
  ('stir', 'stir, mix, combine', 'mezclar, revolver, menear'),
  ('grind', 'grind, mill', 'moler, molino'),
  ('soak', 'soak', 'remojar, remojo'),
  ('peel', 'peel', 'pelar'),
  ('chop', 'chop, dice', 'picar, picado'),
  ('weigh', 'weigh, weight, ounce, pound', 'pesar, peso, onza, libra'),
  ('gallon', 'gallon, liter, quart', 'galón, litro, cuarto'),
  ('size', 'size, big, large, small', 'tamaño, grande, chico'),
  ('depth', 'depth, deep, inch', 'profundidad, hondo, pulgada'),
  ('top', 'top, above, over, upper', 'arriba, encima, superior'),
  ('bottom', 'bottom, below, under, beneath', 'abajo, debajo, inferior'),
  ('front', 'front', 'frente, adelante'),
  ('side', 'side, next to', 'lado, junto'),
  ('far', 'far, away, distance', 'lejos, distancia'),
  ('alone', 'alone, by myself', 'solo'),
  ('write', 'write, log, record, sign', 'escribir, anotar, registrar, registro, firmar'),
  ('sign off', 'sign off, initial', 'firmar, autorizar'),
  ('permission', 'permission, approve, approval, okay', 'permiso, aprobar, autorizar'),
  ('form', 'form, paperwork', 'formulario, papel'),
  ('sign', 'sign, notice', 'letrero, aviso'),
  ('color', 'color', 'color'),
  ('blue', 'blue', 'azul'),
  ('red', 'red', 'rojo'),
  ('green', 'green', 'verde'),
  ('yellow', 'yellow', 'amarillo'),
  ('white', 'white', 'blanco'),
  ('black', 'black', 'negro'),
  ('brown', 'brown', 'café, marrón, pardo'),
  ('star', 'star, asterisk', 'estrella, asterisco'),
  ('copper', 'copper', 'cobre'),
  ('metal', 'metal, steel, aluminum', 'metal, acero, aluminio'),
  ('plastic', 'plastic', 'plástico'),
  ('wood', 'wood, wooden', 'madera'),
  ('paper', 'paper', 'papel'),
  ('stone', 'stone', 'piedra'),
  ('tank', 'tank', 'tanque, tinaco, pecera'),
  ('roof', 'roof', 'techo, azotea'),
  ('truck', 'truck, food truck', 'camión, troca, camioneta'),
  ('driver', 'driver', 'chofer, conductor, repartidor'),
  ('lime (2)', 'lime, cal, calcium', 'cal'),
  ('hot sauce', 'hot sauce, spicy, mild, heat level', 'picante, picoso, salsa picante'),
  ('bad', 'bad, off', 'malo, pasado'),
  ('fresh', 'fresh', 'fresco'),
  ('ripe', 'ripe', 'maduro'),
  ('quick', 'quick, fast, right away', 'rápido, enseguida, luego luego'),
  ('wait', 'wait, rest', 'esperar, reposar, dejar'),
  ('start', 'start, begin', 'empezar, comenzar, iniciar'),
  ('finish', 'finish, end', 'terminar, acabar'),
  ('half', 'half', 'mitad, medio'),
  ('double', 'double, twice', 'doble'),
  ('once', 'once', 'una vez'),
  ('batch', 'batch, load, round', 'tanda, lote, vuelta'),
  ('tap', 'tap, faucet', 'llave, grifo'),
  ('counter', 'counter, bar top', 'mostrador, barra'),
  ('burst', 'burst, splash, splashed', 'salpicar, brincar'),
  ('taste (2)', 'taste, flavor', 'sabor'),
  ('empty', 'empty, drain out', 'vaciar, vacío'),
  ('reading', 'reading, reads, shows, showing, dial, says', 'marcar, marca, lectura, indicar'),
  ('bring', 'bring, brings', 'traer'),
  ('stay', 'stay, sit out, leave out', 'quedarse, dejar fuera'),
  ('come in', 'come in, arrive, get here, show up, roll in', 'llegar, entrar'),
  ('leave', 'leave, head out, quit', 'salir, irse, renunciar'),
  ('own', 'own, personal', 'propio, personal'),
  ('send', 'send, deliver', 'mandar, enviar'),
  ('group', 'group, party', 'grupo'),
  ('guy', 'guy, man, lady, woman', 'señor, señora, muchacho, chavo'),
  ('kid', 'kid, boy, girl, youngster', 'muchacho, chavo, joven'),
  ('share', 'share, cut, split', 'repartir, parte'),
  ('mash', 'mash, mashed potatoes', 'puré, puré de papa'),
  ('rib roast', 'rib roast, brisket, joint', 'asado, costillar'),
  ('cream cheese', 'cream cheese', 'queso crema'),
  ('breathe', 'breathe, talk, speak', 'respirar, hablar'),
  ('swallow', 'swallow, ingest, drank', 'tragar, ingerir, tomar'),
  ('cloth', 'cloth, linen', 'mantel, tela'),
  ('oven mitt', 'oven mitt, pot holder', 'guante de horno, agarrador'),
  ('inside', 'inside', 'adentro, dentro'),
  ('outside', 'outside, back door', 'afuera, puerta de atrás'),
  ('chef''s coat', 'chef''s coat', 'filipina'),
  ('order of shelves', 'order of shelves, stacking', 'acomodar, orden'),
  ('put', 'put, place, goes', 'poner, colocar, va'),
  ('run', 'run, cycle', 'ciclo, vuelta'),
  ('detergent', 'detergent, suds', 'jabón, espuma'),
  ('tongs', 'tongs, utensil, fork, spoon', 'pinzas, utensilio, tenedor, cuchara'),
  ('straw', 'straw', 'popote'),
  ('personal drink', 'personal drink, energy drink, cup', 'bebida, vaso, termo'),
  ('yesterday''s', 'yesterday''s, old', 'ayer, viejo'),
  ('call', 'call, phone call, text, message, chat', 'llamar, llamada, mensaje, chat')
),
terms as (
  select distinct s.concept, l.language, btrim(t.term) as term
  from said s
  cross join lateral (values ('en', s.english), ('es', s.spanish)) l (language, list)
  cross join lateral unnest(string_to_array(l.list, ',')) t (term)
),
read as (
  select t.*,
    tsvector_to_array(case t.language
      when 'es' then to_tsvector('private.spanish', t.term)
      else to_tsvector('private.english', t.term) end) as stems,
    tsvector_to_array(to_tsvector('private.simple', t.term)) as words
  from terms t
)
insert into private.default_terms (concept, language, term, lexemes, is_small_words)
select r.concept, r.language, r.term, case when r.stems = '{}' then r.words else r.stems end, r.stems = '{}'
from read r;

-- Meanings for the voice: kitchen words that mean something else outside a kitchen.
update private.default_terms d set means = told.means
from (values
  ('en', '86''d', 'sold out or not to be sold any more'),
  ('en', '86', 'sold out, or to stop selling something'),
  ('en', 'walk-in', 'the walk-in cooler'),
  ('en', 'reach-in', 'an upright refrigerator at a station'),
  ('en', 'low-boy', 'a refrigerator under the counter'),
  ('en', 'hot box', 'a heated holding cabinet'),
  ('en', 'steam table', 'the heated table that holds food hot'),
  ('en', 'flat top', 'the griddle'),
  ('en', 'in the weeds', 'too busy to keep up'),
  ('en', 'slammed', 'very busy'),
  ('en', 'BOH', 'back of house: the kitchen'),
  ('en', 'FOH', 'front of house: the dining room'),
  ('en', 'expo', 'the person or place that sends plates out'),
  ('en', 'dish pit', 'the dishwashing station'),
  ('en', 'garde manger', 'the cold station'),
  ('en', 'mise', 'mise en place: what is prepared before service'),
  ('en', 'line check', 'the check of every station before service'),
  ('en', 'quat', 'quaternary sanitizer'),
  ('en', 'lexan', 'a plastic food container'),
  ('en', 'fifo', 'first in, first out: the oldest is used first'),
  ('en', 'MOD', 'manager on duty'),
  ('en', 'comp', 'to give without charge'),
  ('en', 'family meal', 'the staff meal'),
  ('en', 'breakdown', 'taking a station or a machine apart for cleaning'),
  ('en', 'guac', 'guacamole'),
  ('es', 'plancha', 'the flat-top griddle'),
  ('es', 'comal', 'the griddle for tortillas'),
  ('es', 'refri', 'refrigerador'),
  ('es', 'walk-in', 'la cámara fría'),
  ('es', 'hot box', 'el gabinete caliente'),
  ('es', 'troca', 'el camión'),
  ('es', 'lonche', 'el almuerzo'),
  ('es', 'feria', 'dinero'),
  ('es', 'lana', 'dinero'),
  ('es', 'checar', 'marcar la entrada o revisar'),
  ('es', 'blanquillo', 'huevo'),
  ('es', 'tinaco', 'el tanque de agua del techo'),
  ('es', 'cazo', 'la olla grande de cobre'),
  ('es', 'vitrolero', 'el recipiente grande de aguas frescas'),
  ('es', 'charola', 'bandeja'),
  ('es', 'abatidor', 'el enfriador rápido (blast chiller)'),
  ('es', 'tarja', 'fregadero'),
  ('es', 'trastes', 'platos y utensilios'),
  ('es', 'mandil', 'delantal'),
  ('es', 'luego luego', 'enseguida'),
  ('es', 'quincena', 'el pago de cada dos semanas')
) told (language, term, means)
where d.language = told.language and d.term = told.term;

create function private.give_default_terms() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.handbook_terms (organisation_id, concept, language, term, means, lexemes, is_small_words)
    select o.id, d.concept, d.language, d.term, d.means, d.lexemes, d.is_small_words
    from made o
    cross join private.default_terms d;
  return null;
end
$$;
comment on function private.give_default_terms is 'Copies the default terms to new organisations.';

create trigger give_default_terms
  after insert on public.organisations
  referencing new table as made
  for each statement execute function private.give_default_terms();

-- Everyday words.

create table private.vocabulary (
  concept text not null check (concept like '~%'),
  language text not null check (language in ('en', 'es')),
  term text not null,
  lexemes text[] not null,
  primary key (language, term, concept)
);
create index vocabulary_concept on private.vocabulary (concept);
create index vocabulary_lexeme on private.vocabulary (language, (lexemes[1]));
comment on table private.vocabulary is
  'Everyday words of restaurant work in English and Spanish, with forms that a stemmer does not bring together.
  All organisations share them. See docs/decisions/0049-everyday-words.md.';
comment on column private.vocabulary.concept is
  'Begins with "~", which no concept of an organisation does: the search looks up both together.';
comment on column private.vocabulary.lexemes is 'The stems of the term.';
alter table private.vocabulary enable row level security;

with said (concept, english, spanish) as (values
  -- verbs whose forms a stemmer does not bring together
  ('throw', 'throw, threw, thrown, throw away, throw out', 'tirar, tiro, tires, desechar, desecho, botar, echar a la basura'),
  ('break', 'break, broke, broken', 'romper, rompió, roto, rota, quebrar, quiebra, quebró, quebrado'),
  ('freeze', 'freeze, froze, frozen, freezing', 'congelar, congelado, congelación, freezear, frisar, helar, hielar'),
  ('keep', 'keep, kept, hold, held, holding', 'mantener, mantengo, mantiene, mantienen, mantuvo, conservar, guardar'),
  ('fall', 'fall, fell, fallen', 'caer, caigo, cae, cayó, caído, caída'),
  ('leave', 'leave, left, leaving', 'dejar, salir, salgo, irse'),
  ('bite', 'bite, bit, bitten', 'morder, muerde, mordió, mordida, mordedura, picadura'),
  ('wear', 'wear, wore, worn, wearing, put on', 'usar, llevar, traer, traigo, trae, puesto, ponerse, pongo, pone'),
  ('bleed', 'bleed, bled, bleeding, blood', 'sangrar, sangre, sangrado, sangrando'),
  ('sweep', 'sweep, swept, broom', 'barrer, barrido, escoba'),
  ('steal', 'steal, stole, stolen, theft, thief, stealing', 'robar, robo, robado, ratero, ladrón, hurto'),
  ('eat', 'eat, ate, eaten, eating, munch, nibble, snack', 'comer, come, comiendo, botana, botanear, picar'),
  ('drink', 'drink, drank, drunk, drinking, sip, beverage', 'beber, tomar, tomo, bebida, trago, sorbo'),
  ('write', 'write, wrote, written, jot, write down, note, log, record, fill in, fill out', 'escribir, escrito, anotar, apuntar, registrar, registro, bitácora, llenar'),
  ('stick', 'stick, stuck, jam, jammed', 'atorar, atorado, atascar, atascado, trabado, pegado'),
  ('swell', 'swell, swollen, swelling', 'hinchar, hinchado, hinchazón, inflamado'),
  ('tear', 'tear, torn, tore, rip, ripped', 'rasgar, rasgado, romper, roto'),
  ('teach', 'teach, taught, train, training, trained', 'enseñar, entrenar, entrenamiento, capacitar, capacitación'),
  ('catch', 'catch, caught', 'agarrar, atrapar, pillar, cachar'),
  ('pay', 'pay, paid, payment, paycheck, wages, salary, payday', 'pagar, pago, paga, sueldo, salario, cheque, quincena, cobrar, nómina'),
  ('burn', 'burn, burnt, burned, scald, scalded, singe', 'quemar, quemada, quemadura, quemó, escaldar'),
  ('spill', 'spill, spilt, spilled, splash, splashed, splatter', 'derramar, derrame, regar, regó, tirar, salpicar, salpicadura'),
  ('smell', 'smell, smelt, smelly, odor, odour, stink, stinky, reek, funky, smells off', 'oler, huele, olor, apestar, apesta, peste, hediondo, mal olor'),
  ('boil', 'boil, boiling, rolling boil, simmer', 'hervir, hierve, hirviendo, hervor, hervido'),
  ('cook', 'cook, cooked, cooking', 'cocinar, cocer, cuezo, cuece, cuecen, cocido, cocción, guisar'),
  ('sleep', 'sleep, asleep, nap', 'dormir, duerme, dormido, siesta'),
  ('begin', 'begin, began, begun, start, kick off', 'empezar, empiezo, empieza, comenzar, comienza, iniciar, inicio, arrancar'),
  ('close', 'close, closed, closing, close down, shut', 'cerrar, cierro, cierra, cierran, cerrado, cierre'),
  ('try', 'try, taste, sample, tasting, tried', 'probar, pruebo, prueba, probada, degustar, catar'),
  ('serve', 'serve, served, serving, dish out', 'servir, sirvo, sirve, sirven, servido'),
  ('grind', 'grind, ground, grinder, mill', 'moler, muelo, muele, molido, molino, molienda'),
  ('hurt', 'hurt, injured, injury, wounded, accident', 'lastimar, lastimado, herir, herido, lesión, lesionado, accidente, golpe'),
  ('ask for', 'ask for, request, asked', 'pedir, pido, pide, pidió, solicitar, solicitud'),
  ('move', 'move, moved, relocate', 'mover, muevo, mueve, cambiar de lugar'),
  ('lose', 'lose, lost, missing, misplaced', 'perder, pierdo, perdió, perdido, extraviado, se me perdió'),
  ('find', 'find, found, come across', 'encontrar, encuentro, encontré, hallar'),
  ('bring', 'bring, brought, carry in', 'traer, traigo, trae, trajo'),
  ('send', 'send, sent, ship, mail', 'mandar, enviar, envío'),
  ('ring', 'ring, rang, call, called, phone up, dial', 'llamar, llamada, hablarle, avisar'),
  ('choose', 'choose, chose, pick', 'escoger, elegir, elijo'),
  ('tell', 'tell, told, notify, inform, let know, report, speak up', 'avisar, aviso, decir, informar, reportar, reporte, notificar, dar parte'),
  ('turn', 'turn, turned, rotate, flip, flipped', 'voltear, dar vuelta, girar, rotar'),
  ('turn on', 'turn on, switch on, fire up, light, lit, start up, preheat', 'prender, prendo, encender, enciendo, enciende, encendido, precalentar'),
  ('turn off', 'turn off, switch off, shut off, power down, unplug, kill', 'apagar, apago, apagado, desconectar, desenchufar'),
  ('put out', 'put out, extinguish', 'apagar, extinguir, sofocar'),
  ('stop', 'stop, quit, halt, cease', 'parar, detener, detenga, dejar de, frenar'),
  ('allow', 'allow, permit, permission, permitted, approve, approval, authorize', 'permitir, permiso, dejar, autorizar, autorización, aprobar'),
  ('forbid', 'forbid, forbidden, ban, banned, prohibited, not allowed', 'prohibir, prohibido, no se permite, vetado'),
  ('check', 'check, inspect, look over, verify, test, examine', 'revisar, checar, verificar, comprobar, inspeccionar, chequear'),
  ('measure', 'measure, reading, gauge, read, reads', 'medir, mido, mide, medición, lectura, marcar'),
  ('fix', 'fix, repair, mend, service, technician, tech, maintenance, repairman', 'arreglar, reparar, componer, compostura, reparación, técnico, mantenimiento'),
  ('clean', 'clean, cleaned, cleaning, cleanup, clean up', 'limpiar, limpieza, limpio, asear, aseo'),
  ('scrub', 'scrub, scour, brush, scrape, scraper', 'tallar, fregar, restregar, cepillar, cepillo, raspar, raspador, espátula'),
  ('wipe', 'wipe, wipe down, wiped', 'limpiar, pasar un trapo, trapazo'),
  ('wash', 'wash, washing, washed, rinse off, lather', 'lavar, lavado, enjabonar'),
  ('rinse', 'rinse, rinsing', 'enjuagar, enjuague'),
  ('soak', 'soak, soaked, soaking', 'remojar, remojo'),
  ('dry', 'dry, dried, drying, air dry', 'secar, seco, secado, escurrir'),
  ('cover', 'cover, covered, lid, wrap, wrapped, cling film, plastic wrap, saran wrap, foil', 'tapar, tapa, tapado, cubrir, cubierto, envolver, plástico, papel aluminio'),
  ('uncover', 'uncover, uncovered, open', 'destapar, descubierto, destapado'),
  ('chill', 'chill, cool, cool down, cooling, cooled, chilling', 'enfriar, enfrío, enfriamiento, enfriado, bajar la temperatura'),
  ('reheat', 'reheat, warm up, heat up, rewarm, reheated, nuke, zap, microwave', 'recalentar, recaliento, recalienta, calentar, caliento, calienta'),
  ('thaw', 'thaw, defrost, thawing, defrosting, thawed', 'descongelar, descongelado, descongelación'),
  ('sear', 'sear, char, brown, browned', 'sellar, sellado, dorar'),
  ('fry', 'fry, fried, frying, deep fried', 'freír, frío, fríe, frito, freímos, fritura'),
  ('grill', 'grill, grilled, griddle, flattop, plancha', 'asar, asado, parrilla, plancha, a la plancha'),
  ('roast', 'roast, roasted, roasting', 'asar, asado, rostizar, rostizado, hornear'),
  ('bake', 'bake, baked, baking', 'hornear, horneado, al horno'),
  ('smoke', 'smoke, smoked, smoker', 'ahumar, ahumado, ahumador'),
  ('cut', 'cut, chop, slice, dice, julienne, cutting, chopped, sliced', 'cortar, corte, picar, pico, rebanar, rebanada, trocear'),
  ('peel', 'peel, peeled, peeling', 'pelar, pelado, mondar'),
  ('shuck', 'shuck, shucked, shucking', 'abrir, abrir ostiones'),
  ('mix', 'mix, stir, stirred, whisk, blend, combine', 'mezclar, mezcla, revolver, revuelvo, menear, batir, licuar'),
  ('pour', 'pour, poured, dump', 'verter, vierto, echar, vaciar, vaciado'),
  ('fill', 'fill, refill, top up, topped off, filled', 'llenar, lleno, rellenar, rellenado'),
  ('drain', 'drain, emptied, empty, empty out', 'vaciar, vacío, escurrir, drenar'),
  ('strain', 'strain, filter, skim', 'colar, cuelo, cuela, filtrar, espumar'),
  ('weigh', 'weigh, weight, weighed', 'pesar, peso, pesado'),
  ('count', 'count, counted, tally', 'contar, cuento, cuenta, conteo'),
  ('label', 'label, labeled, labelled, tag, tagged, sticker, mark, marked, date', 'etiquetar, etiqueta, etiquetado, rotular, marcar, fechar, fecha'),
  ('store', 'store, stored, storing, stash, put away, storage, stow', 'guardar, guardo, almacenar, almacenado, acomodar'),
  ('stack', 'stack, stacked, pile, pile up', 'apilar, apilado, encimar, amontonar'),
  ('hang', 'hang, hung, hang up', 'colgar, cuelgo, cuelga, colgado'),
  ('carry', 'carry, carrying, haul, lug', 'cargar, llevar, acarrear'),
  ('lift', 'lift, lifting, pick up, heavy, lifted', 'levantar, levanto, cargar, pesado'),
  ('push', 'push, pull, drag', 'empujar, jalar, arrastrar'),
  ('reach', 'reach, high up', 'alcanzar'),
  ('touch', 'touch, touched, handle, handling, grab, grabbed', 'tocar, toco, manejar, agarrar, manipular'),
  ('share', 'share, split, divide, divvy, divided, shared', 'repartir, reparten, dividir, compartir'),
  ('borrow', 'borrow, lend, lent, loan', 'prestar, presta, prestado, pedir prestado'),
  ('buy', 'buy, bought, purchase', 'comprar, compra'),
  ('sell', 'sell, sold, sale', 'vender, vende, vendió, venta'),
  ('reuse', 'reuse, use again, reused, re-use, recycle', 'reutilizar, reusar, volver a usar, usar otra vez'),
  ('refreeze', 'refreeze, freeze again', 'recongelar, volver a congelar'),
  ('return', 'return, give back, come back, bring back', 'regresar, regreso, devolver, devuelvo, volver'),
  ('wait', 'wait, waiting', 'esperar, espero, espera'),
  ('rest', 'rest, resting', 'reposar, descansar'),
  ('last', 'last, lasts, good for, shelf life, keeps for', 'durar, dura, aguantar, aguanta, vida útil'),
  ('expire', 'expire, expired, expiration, out of date, past date, use by, best by, old', 'caducar, caduca, caducado, caducidad, vencer, vence, vencido, expirar'),
  ('spoil', 'spoil, spoiled, spoilt, rotten, go bad, gone bad, went bad, sour, slimy, moldy, bad', 'echarse a perder, echado a perder, podrido, pudrir, pasado, descompuesto, agrio, baboso, mohoso'),
  ('swap', 'swap, switch, trade, exchange, swapped', 'cambiar, cambio, intercambiar, cambalache, permutar'),
  ('replace', 'replace, change, changed, changing', 'cambiar, cambio, reemplazar, reponer'),
  ('cover for', 'cover for, fill in for, take my shift', 'cubrir, cubra, suplir'),
  ('quit', 'quit, resign, two weeks notice, last day', 'renunciar, renuncia, dejar el trabajo'),
  ('hire', 'hire, hired, new hire, onboarding, first day, newbie, rookie, trainee', 'contratar, contratado, nuevo ingreso, nuevo, primer día, novato'),
  ('fired', 'fired, terminate, let go', 'despedir, despido, corrieron'),
  -- people
  ('cook (2)', 'cook, line cook, prep cook, grill cook, fry cook', 'cocinero, cocinera, parrillero, planchero'),
  ('chef', 'chef, head chef, sous chef, kitchen manager', 'chef, jefe de cocina, sous chef'),
  ('manager', 'manager, boss, supervisor, shift lead, lead, MOD, person in charge, head honcho', 'gerente, encargado, encargada, jefe, jefa, supervisor, mánager, patrón, responsable'),
  ('owner', 'owner, proprietor', 'dueño, dueña, propietario, patrón'),
  ('dishwasher', 'dishwasher, dish guy, pearl diver, dishie, dish crew', 'lavaplatos, lavatrastes, lavaloza, dishero'),
  ('server', 'server, waiter, waitress, waitstaff, front of house', 'mesero, mesera, camarero'),
  ('busser', 'busser, busboy, bus person, food runner', 'garrotero, ayudante de mesero, corredor'),
  ('bartender', 'bartender, barkeep', 'cantinero, barman, bartender'),
  ('cashier', 'cashier, till', 'cajero, cajera'),
  ('host', 'host, hostess, greeter', 'anfitrión, hostess, recepcionista'),
  ('guest', 'guest, customer, diner, patron, client', 'cliente, comensal, huésped, invitado'),
  ('employee', 'employee, staff, worker, crew, team, team member, personnel', 'empleado, empleada, trabajador, trabajadora, personal, equipo, muchachos'),
  ('coworker', 'coworker, teammate, colleague, buddy, workmate', 'compañero, compañera, colega, cuate'),
  ('driver', 'driver, delivery guy, delivery man, courier', 'repartidor, chofer, conductor, el de la entrega'),
  ('vendor', 'vendor, supplier, purveyor, distributor', 'proveedor, proveedora, surtidor, distribuidor'),
  ('exterminator', 'exterminator, pest control, bug guy', 'fumigador, exterminador, control de plagas, fumigación'),
  ('minor', 'minor, underage, teen, teenager, kid, youth, under 18, sixteen year old, young', 'menor, menor de edad, joven, adolescente, chavo, chavito, muchacho'),
  ('child', 'child, kid, baby, infant, toddler', 'niño, niña, bebé, criatura, chamaco'),
  ('pregnant', 'pregnant, expecting, elderly, immune', 'embarazada, encinta, ancianos'),
  ('relative', 'relative, family, friend, mom, brother, wife, husband', 'familiar, familia, amigo, hermano, mamá, esposa, esposo'),
  ('vegetarian', 'vegetarian, vegan, plant based', 'vegetariano, vegano'),
  ('blind', 'blind, disabled, wheelchair, disability', 'ciego, discapacitado, silla de ruedas, discapacidad'),
  ('inspector', 'inspector, health inspector, health department, inspection', 'inspector, inspectora, inspección, salubridad, departamento de salud'),
  ('police', 'police, cops, officer', 'policía'),
  ('fire department', 'fire department, firefighter, firemen', 'bomberos, bombero'),
  -- body, sickness, accidents
  ('sick', 'sick, ill, unwell, sickness, illness, under the weather, feel bad, not feeling well, disease', 'enfermo, enferma, enfermedad, enfermar, malo, mal de salud, me siento mal'),
  ('vomit', 'vomit, throw up, threw up, puke, puked, barf, vomiting, hurl, upchuck', 'vomitar, vómito, vomité, devolver el estómago, guácara, guacarear, deponer'),
  ('diarrhea', 'diarrhea, diarrhoea, the runs, loose stool, stomach bug, upset stomach, stomach flu', 'diarrea, chorro, chorrillo, mal del estómago, estómago suelto, soltura'),
  ('stomach', 'stomach, belly, gut, tummy, cramps', 'estómago, panza, barriga, retortijón, cólicos'),
  ('nausea', 'nausea, nauseous, queasy', 'náusea, asco, mareado, ganas de vomitar'),
  ('fever', 'fever, chills, feverish', 'fiebre, calentura, escalofríos'),
  ('sore throat', 'sore throat, strep, throat', 'garganta, dolor de garganta, anginas'),
  ('cough', 'cough, coughing, sneeze, sneezing, sneezed, hack', 'toser, tose, tos, estornudar, estornudo'),
  ('cold', 'cold, flu, runny nose, stuffy, sniffles, congestion, snot', 'resfriado, gripa, gripe, catarro, mocos, nariz, moqueo, constipado'),
  ('jaundice', 'jaundice, yellow eyes, yellow skin, hepatitis', 'ictericia, ojos amarillos, piel amarilla, hepatitis'),
  ('salmonella', 'salmonella, e coli, norovirus, listeria, shigella, food poisoning, bacteria, germs, typhoid', 'salmonela, norovirus, bacteria, gérmenes, intoxicación, tifoidea'),
  ('infected', 'infected, pus, boil, sore, lesion, abscess, oozing, infection', 'infectado, infección, pus, llaga, absceso, supurando'),
  ('rash', 'rash, hives, itch, itchy, itching', 'ronchas, sarpullido, comezón, picazón'),
  ('allergic reaction', 'allergic reaction, anaphylaxis, epipen, throat closing, can''t breathe, wheezing', 'reacción alérgica, anafilaxia, autoinyector, se le cierra la garganta, no puede respirar'),
  ('choke', 'choke, choking, choked, heimlich, something stuck, abdominal thrusts', 'atragantar, atragantado, ahogar, se ahoga, asfixia, maniobra'),
  ('breathe', 'breathe, breath, breathing', 'respirar, respira, respiración'),
  ('faint', 'faint, passed out, pass out, unconscious, collapse, dizzy', 'desmayar, desmayo, desmayado, inconsciente, mareo'),
  ('heart attack', 'heart attack, cardiac arrest, chest pain, defibrillator, aed, cpr', 'infarto, paro cardiaco, dolor de pecho, desfibrilador, dea, rcp'),
  ('cut (2)', 'cut, gash, wound, nick, slit, laceration, sliced, stab', 'cortada, cortadura, herida, corte, rajada, tajo'),
  ('bandage', 'bandage, band aid, bandaid, plaster, gauze', 'curita, venda, vendaje, gasa, bendita, vendita, esparadrapo'),
  ('stitches', 'stitches, deep cut', 'puntos, sutura, puntadas'),
  ('first aid', 'first aid, first aid kit, medical kit', 'botiquín, primeros auxilios'),
  ('blister', 'blister, blisters', 'ampolla'),
  ('pain', 'pain, ache, aches, sore, hurts', 'dolor, duele, dolió, doler'),
  ('back', 'back, back pain, spine, strain', 'espalda, columna, cintura'),
  ('hand', 'hand, hands, palm, wrist', 'mano, manos, palma, muñeca'),
  ('finger', 'finger, fingers, thumb, fingertip, pinky', 'dedo, dedos, pulgar'),
  ('arm', 'arm, elbow, forearm, shoulder', 'brazo, codo, antebrazo, hombro'),
  ('leg', 'leg, knee, foot, feet, ankle, toe', 'pierna, rodilla, pie, pies, tobillo'),
  ('eye', 'eye, eyes', 'ojo, ojos'),
  ('face', 'face, mouth, lip, lips, nose, ear, tongue, teeth', 'cara, boca, labio, nariz, oreja, lengua, dientes'),
  ('head', 'head, neck', 'cabeza, cuello'),
  ('hair', 'hair, ponytail, long hair, bun', 'pelo, cabello, cola de caballo, chongo'),
  ('hairnet', 'hairnet, hair net, cap, hat, beanie, visor, head covering, bandana', 'redecilla, malla, cofia, gorra, gorro, cachucha, paliacate'),
  ('beard', 'beard, mustache, facial hair, moustache, goatee', 'barba, bigote, vello facial'),
  ('nail', 'nail, nails, fingernail, nail polish, fake nails, acrylics, manicure', 'uña, uñas, esmalte, pintura de uñas, uñas postizas, acrílicas, manicura'),
  ('jewelry', 'jewelry, jewellery, ring, wedding band, wedding ring, bracelet, watch, necklace, chain', 'joya, joyas, anillo, argolla, sortija, pulsera, reloj, collar, cadena'),
  ('earring', 'earring, piercing, stud, nose ring', 'arete, piercing, perforación, broquel'),
  ('perfume', 'perfume, cologne, makeup, lashes', 'perfume, colonia, maquillaje, pestañas'),
  ('sweat', 'sweat, sweating, sweaty', 'sudar, sudor'),
  ('medicine', 'medicine, medication, pill, meds, inhaler, insulin', 'medicina, medicamento, pastilla, inhalador, insulina'),
  ('doctor', 'doctor, doctor''s note, physician, nurse, medical note', 'doctor, doctora, médico, enfermera, justificante, nota del doctor'),
  ('hospital', 'hospital, clinic, urgent care, emergency room', 'hospital, clínica, urgencias, emergencias'),
  ('ambulance', 'ambulance, 911, nine one one, emergency, paramedics', 'ambulancia, emergencia, paramédicos, nueve once, 911'),
  ('die', 'die, dead, death', 'morir, muere, muerto, murió'),
  ('slip', 'slip, trip, stumble, tumble, slipped, tripped', 'resbalar, resbalón, tropezar, tropiezo, caída'),
  ('slippery', 'slippery, slick, greasy floor, wet floor', 'resbaloso, resbaladizo, mojado, piso mojado'),
  ('shock', 'shock, electrocuted, zapped, electric shock', 'toque, descarga, electrocutar'),
  ('poison', 'poison, poisoned, poisonous, toxic, swallowed, ingest, drank', 'veneno, envenenar, tóxico, tragar, tragó, ingerir, se tomó'),
  -- clothes and belongings
  ('uniform', 'uniform, outfit, clothes, clothing, dress code, attire', 'uniforme, ropa, vestimenta, vestir'),
  ('apron', 'apron, aprons', 'mandil, delantal'),
  ('shoe', 'shoe, shoes, boots, clogs, sneakers, crocs, sandals, footwear, non slip, slip resistant, flip flops', 'zapato, zapatos, botas, tenis, huaraches, sandalias, calzado, antiderrapante, chanclas'),
  ('shirt', 'shirt, t-shirt, chef coat, jacket, sleeve, sleeves, polo, tee', 'camisa, playera, camiseta, filipina, chamarra, manga, blusa'),
  ('pants', 'pants, trousers, jeans, shorts, leggings, slacks', 'pantalón, pantalones, mezclilla, shorts'),
  ('glove', 'glove, gloves, gloved, latex, nitrile', 'guante, guantes, látex, nitrilo'),
  ('mask', 'mask, goggles, face shield, safety glasses, protective gear', 'cubrebocas, mascarilla, lentes, careta, protección, goggles'),
  ('belt', 'belt, socks, laundry, dirty uniform', 'cinturón, calcetines, lavandería, ropa sucia'),
  ('bag', 'bag, purse, backpack, personal things, belongings, stuff, personal items', 'bolsa, mochila, pertenencias, cosas personales, objetos personales'),
  ('locker', 'locker, lockers, cubby', 'casillero, locker, gaveta'),
  ('wallet', 'wallet, phone charger, keys', 'cartera, cargador, llaves'),
  ('phone', 'phone, cell, cellphone, mobile, smartphone, texting, text, iphone', 'celular, teléfono, móvil, cel, mensaje, texteando'),
  ('earbuds', 'earbuds, headphones, airpods, radio, music, speaker, song', 'audífonos, música, bocina, radio, canción'),
  ('photo', 'photo, picture, video, selfie, social media, film, post online, instagram, tiktok', 'foto, video, grabar, redes sociales, publicar, selfie'),
  -- time and schedule
  ('schedule', 'schedule, scheduled, roster, rota, hours', 'horario, rol, agenda, calendario'),
  ('shift', 'shift, shifts, double shift, double', 'turno, jornada, doble, doblete'),
  ('late', 'late, tardy, running late, behind schedule, lateness, stuck in traffic, overslept', 'tarde, retardo, retraso, se me hizo tarde, atrasado, demorado, tráfico'),
  ('early', 'early, ahead of time, before my shift', 'temprano, antes, anticipado'),
  ('absent', 'absent, absence, no show, no call no show, call in sick, calling off, miss work, can''t come in, skip', 'faltar, falta, ausencia, ausente, no ir, no puedo ir, reportarse enfermo, no presentarse'),
  ('break (2)', 'break, breaks, breather, coffee break, rest period, ten minute, smoke break', 'descanso, receso, pausa, break, respiro'),
  ('lunch', 'lunch, meal break, dinner, family meal, staff meal, shift meal, grub', 'almuerzo, lonche, comida, cena, comida del personal, lonchar'),
  ('overtime', 'overtime, extra hours, time and a half, over forty, more than forty hours', 'tiempo extra, horas extra, overtime, tiempo y medio, más de cuarenta'),
  ('day off', 'day off, days off, time off, vacation, pto, holiday, request off', 'día libre, descanso, vacaciones, permiso, día festivo, tiempo libre'),
  ('clock in', 'clock in, clock out, punch in, punch out, time card, timecard, timesheet', 'checar, marcar entrada, ponchar, checar tarjeta, fichar, tarjeta, reloj checador'),
  ('availability', 'availability, available', 'disponibilidad, disponible'),
  ('open', 'open, opening, opener, open up, opens', 'abrir, abro, abre, apertura, abierto'),
  ('closer', 'closer, closing, close up, lock up, end of night, end of day, shutdown', 'cerrar, cierro, cierre, fin de turno, fin del día'),
  ('hour', 'hour, hours, hr, hrs', 'hora, horas'),
  ('minute', 'minute, minutes, min, mins', 'minuto, minutos, minutito'),
  ('second', 'second, seconds, sec', 'segundo, segundos'),
  ('day', 'day, days', 'día, días'),
  ('week', 'week, weekly, every week, once a week', 'semana, semanal, cada semana, semanalmente'),
  ('month', 'month, monthly', 'mes, meses, mensual'),
  ('year', 'year, yearly, annual', 'año, anual'),
  ('daily', 'daily, every day, each day, per day', 'diario, diariamente, cada día, todos los días, al día'),
  ('night', 'night, overnight, nighttime, tonight, all night', 'noche, toda la noche, anoche, de noche, durante la noche'),
  ('morning', 'morning, am, in the morning, first thing', 'mañana, en la mañana, por la mañana'),
  ('dawn', 'dawn, early morning, before sunrise, crack of dawn, graveyard', 'madrugada, amanecer, alba'),
  ('noon', 'noon, midday, lunchtime, rush, dinner rush, peak', 'mediodía, hora pico, ajetreo, rush'),
  ('weekend', 'weekend, weekends, saturday and sunday', 'fin de semana, fines de semana'),
  ('date', 'date, dates, day dot, day dots, dated', 'fecha, fechas, fechado'),
  ('twice', 'twice, two times, double', 'dos veces, doble'),
  ('immediately', 'immediately, right away, at once, asap', 'inmediatamente, de inmediato, enseguida, luego luego, al momento'),
  ('deadline', 'deadline, due, at the latest, advance, in advance, notice, ahead', 'plazo, anticipación, límite, antelación, anticipado'),
  -- pay and policy
  ('tip', 'tip, tips, gratuity, tip out, tip pool, tip jar', 'propina, propinas, bote de propinas'),
  ('cash', 'cash, money, bills, coins, dollars, bucks', 'efectivo, dinero, billetes, monedas, feria, lana, cambio'),
  ('raise', 'raise, bonus, advance', 'aumento, bono, adelanto, aguinaldo'),
  ('discount', 'discount, comp, comped, half off, on the house', 'descuento, gratis, cortesía, regalado'),
  ('receipt', 'receipt, receipts, bill, invoice, tab', 'recibo, factura, nota, ticket'),
  ('register', 'register, drawer, till, cash drawer', 'caja, registradora, cajón'),
  ('safe', 'safe, safe box, deposit, bank bag', 'caja fuerte, depósito, bóveda'),
  ('short', 'short, shortage, shortfall, comes up short, missing money', 'faltante, falta, no cuadra, descuadre'),
  ('theft', 'theft, stealing, robbery, robber, holdup, burglary, break in, gun', 'robo, asalto, asaltante, ratero, pistola'),
  ('harassment', 'harassment, harass, harassing, bully, bullying, grope, touchy, inappropriate, sexual, hit on, creepy', 'acoso, acosar, hostigar, hostigamiento, molestar, manosear, sexual, propasarse'),
  ('discriminate', 'discriminate, discrimination, racist, race, slur, slurs, insult, offensive, jokes, name calling', 'discriminar, discriminación, racista, raza, insulto, ofensa, groserías, burla, burlas, apodos'),
  ('complain', 'complain, complaint, grievance, upset, unhappy, angry, mad', 'queja, quejarse, reclamo, molesto, enojado, inconforme'),
  ('retaliate', 'retaliate, retaliation, revenge, get back at, punished', 'represalia, represalias, venganza, castigo, desquite'),
  ('fight', 'fight, fighting, argument, threat, threaten, threatened, violence, weapon', 'pelea, pelear, discutir, amenaza, amenazar, violencia, arma'),
  ('drunk', 'drunk, drugs, weed, stoned, alcohol, booze, marijuana, hungover', 'borracho, drogas, mota, marihuana, alcohol, tomado'),
  ('smoke (2)', 'smoke, smoking, cigarette, vape, vaping, cig, e-cigarette, tobacco', 'fumar, cigarro, cigarrillo, vapear, vaporizador, tabaco'),
  ('rule', 'rule, rules, policy, law, legal', 'regla, norma, política, ley, reglamento'),
  ('warning', 'warning, write up, written up, discipline, suspended, trouble', 'amonestación, advertencia, acta, castigo, suspensión, sanción'),
  ('confidential', 'confidential, private, privacy, anonymous, anonymously, secret', 'confidencial, privado, privacidad, anónimo, secreto'),
  ('permit', 'permit, license, certificate, food handler card, food handler, certification', 'permiso, licencia, certificado, tarjeta de manejador, certificación'),
  ('contract', 'contract, form, paperwork, documents, sign up', 'contrato, forma, formulario, papeles, documentos, papeleo'),
  ('insurance', 'insurance, benefits, workers comp, compensation', 'seguro, beneficios, compensación, indemnización'),
  ('password', 'password, code, login', 'contraseña, clave, código'),
  ('wifi', 'wifi, internet, computer, tablet', 'wifi, internet, computadora, tableta'),
  ('parking', 'parking, park, parked, car, vehicle, garage', 'estacionamiento, estacionar, parquear, parqueo, carro, coche, auto, aparcar'),
  ('bike', 'bike, bicycle, scooter, skateboard, motorcycle', 'bici, bicicleta, moto, patineta, motocicleta'),
  ('bus', 'bus, ride, bus stop', 'camión, autobús, aventón'),
  ('visitor', 'visitor, visitors, visit', 'visita, visitante'),
  -- building, equipment
  ('kitchen', 'kitchen, back of house, boh, back', 'cocina, atrás'),
  ('dining room', 'dining room, dining area, front of house, foh', 'comedor, salón'),
  ('bathroom', 'bathroom, restroom, toilet, washroom, john, potty', 'baño, sanitario, excusado, inodoro, wc'),
  ('office', 'office, manager''s office, desk', 'oficina, despacho, escritorio'),
  ('basement', 'basement, downstairs, cellar', 'sótano, abajo, bodega'),
  ('upstairs', 'upstairs, second floor, up stairs', 'arriba, segundo piso'),
  ('stairs', 'stairs, steps, staircase, stairwell', 'escalera, escaleras, escalones'),
  ('patio', 'patio, terrace, outside, outdoors, alley, back door, out back', 'patio, terraza, afuera, callejón, puerta trasera, atrás'),
  ('entrance', 'entrance, door, front door, doorway, gate', 'entrada, puerta, portón'),
  ('exit', 'exit, emergency exit, way out, evacuate, evacuation, get out', 'salida, salida de emergencia, evacuar, evacuación, salir'),
  ('meeting point', 'meeting point, meet, gather, muster', 'punto de reunión, reunirse, juntarse'),
  ('window', 'window, pass, pass window, expo, expo window', 'ventana, pase, ventanilla, barra de salida'),
  ('wall', 'wall, ceiling, roof, tile', 'pared, muro, techo, azulejo, loseta'),
  ('floor', 'floor, floors, ground, tile floor', 'piso, suelo'),
  ('floor mat', 'floor mat, mats, mat, rubber mat', 'tapete, tapetes, alfombra'),
  ('drain (2)', 'drain, drains, clog, clogged, blocked, backed up, backing up, plunger, unclog', 'coladera, drenaje, desagüe, tapado, taparse, tapó, destapar, bomba'),
  ('pipe', 'pipe, plumbing, plumber, faucet, tap, leak, leaking, drip, dripping, burst', 'tubo, tubería, plomero, llave, fuga, gotear, gotea, gotera, goteando'),
  ('water', 'water, running water, hot water, no water, water shut off', 'agua, agua corriente, agua caliente, sin agua, se fue el agua'),
  ('flood', 'flood, flooding, sewage, overflow, overflowing', 'inundación, inundar, aguas negras, desbordar, se salió el agua'),
  ('power', 'power, electricity, power outage, blackout, power cut, lights out, outage, no power, lights went out, power goes out', 'luz, electricidad, corriente, apagón, se fue la luz, sin luz, no hay luz, corte de luz'),
  ('generator', 'generator, breaker, fuse, outlet, plug, socket, cord', 'generador, breaker, fusible, enchufe, clavija, cable, contacto'),
  ('light', 'light, lights, bulb, lamp, flashlight', 'luz, foco, bombilla, lámpara, linterna'),
  ('gas', 'gas, propane, smell gas, gas leak, pilot, pilot light', 'gas, propano, olor a gas, fuga de gas, piloto'),
  ('fire', 'fire, flames, flame, on fire, grease fire, flare up, blaze, catches fire', 'fuego, incendio, lumbre, llamas, llamarada, se prendió, quemando'),
  ('extinguisher', 'extinguisher, fire extinguisher, class k, pull station, ansul, suppression', 'extintor, extinguidor, sistema contra incendios, ansul'),
  ('alarm', 'alarm, siren, beeping, beep, smoke detector, alarm code', 'alarma, pitido, pita, detector de humo, sirena'),
  ('hood', 'hood, hoods, vent hood, vents, exhaust, fan, exhaust fan', 'campana, extractor, ventilador, ventila'),
  ('oven', 'oven, ovens, convection oven, combi, pizza oven, deck oven', 'horno, hornos, horno de pizza'),
  ('stove', 'stove, burner, burners, range, hob, cooktop, stovetop', 'estufa, hornilla, quemador, fogón, lumbre'),
  ('grill (2)', 'grill, broiler, char grill, charbroiler, salamander', 'parrilla, asador, salamandra'),
  ('griddle', 'griddle, flat top, flattop, plancha, comal', 'plancha, comal'),
  ('fryer', 'fryer, fryers, deep fryer, fry vat, fryolator', 'freidora, freidor'),
  ('microwave', 'microwave, nuke', 'microondas, micro'),
  ('steam table', 'steam table, steam well, bain marie, hot well, hot box, warmer, soup well, heat lamp, chafing dish, chafer, sterno', 'mesa de vapor, mesa caliente, baño maría, hot box, caja caliente, calentador, lámpara de calor, chafer'),
  ('fridge', 'fridge, refrigerator, cooler, reach in, lowboy, icebox, undercounter', 'refri, refrigerador, nevera, hielera, enfriador, frigorífico, heladera'),
  ('walk in', 'walk in, walk in cooler, walkin, big cooler, cold room', 'cuarto frío, cámara fría, walk in, cámara, cava, refri grande'),
  ('freezer', 'freezer, freezers, deep freeze, walk in freezer, chest freezer', 'congelador, frízer, freezer, congeladora'),
  ('ice machine', 'ice machine, ice maker, ice bin, ice scoop, ice', 'máquina de hielo, hielera, depósito de hielo, pala de hielo, hielo'),
  ('dishwasher (2)', 'dishwasher, dish machine, dishwashing machine, dish pit', 'lavavajillas, lavaplatos, lavatrastes, máquina de platos'),
  ('sink', 'sink, three compartment, hand sink, prep sink, mop sink, pot sink, basin, wash sink, three bay', 'fregadero, lavabo, tarja, pila, lavamanos, lavadero, tres tarjas, tres compartimentos'),
  ('slicer', 'slicer, meat slicer, deli slicer', 'rebanadora, cortadora'),
  ('mixer', 'mixer, stand mixer, hobart, blender, food processor, robot coupe, immersion blender, vitamix', 'batidora, mezcladora, licuadora, procesador, amasadora'),
  ('can opener', 'can opener, opener', 'abrelatas'),
  ('coffee machine', 'coffee machine, coffee maker, espresso machine, coffee', 'cafetera, máquina de café, café'),
  ('scale', 'scale, scales', 'báscula, balanza'),
  ('thermometer', 'thermometer, probe, temp probe, digital thermometer, thermo, stick', 'termómetro, sonda, termo'),
  ('timer', 'timer, alarm clock, stopwatch, clock', 'temporizador, cronómetro, reloj, timer'),
  ('knife', 'knife, knives, blade, cleaver, paring knife, chef knife', 'cuchillo, cuchillos, hoja, filo, navaja, machete, puntilla'),
  ('sharpen', 'sharpen, sharpener, sharpening, dull, whetstone, steel, honing', 'afilar, afilador, filo, chaira, sin filo, asentar'),
  ('cutting board', 'cutting board, cutting boards, chopping board, board', 'tabla, tablas, tabla de picar, tabla de cortar'),
  ('cut glove', 'cut glove, mesh glove, cut resistant, kevlar', 'guante de malla, guante anticorte, guante de acero'),
  ('pan', 'pan, pans, skillet, saute pan, frying pan, sizzle', 'sartén, sartenes, cacerola, cazuela'),
  ('pot', 'pot, pots, stockpot, kettle, saucepan', 'olla, ollas, cazo, perol, marmita'),
  ('tray', 'tray, trays, sheet pan, sheet tray, hotel pan, half pan, third pan, sixth pan, ninth pan, insert', 'charola, charolas, bandeja, inserto, hotel pan'),
  ('container', 'container, containers, tub, tubs, bin, cambro, lexan, deli cup, quart container, tupperware, bain', 'recipiente, contenedor, envase, tóper, tina, bote, cubeta, traste, vasija'),
  ('bucket', 'bucket, buckets, pail, red bucket, sani bucket, sanitizer bucket', 'cubeta, balde, bote, bucket, cubeta roja'),
  ('jar', 'jar, bottle, squeeze bottle, spray bottle, canned, tin', 'frasco, botella, atomizador, rociador, lata, enlatado, mamila'),
  ('plate', 'plate, plates, dish, dishes, dishware, bowl, bowls, china', 'plato, platos, loza, vajilla, tazón, plato hondo'),
  ('cup', 'cup, cups, glass, glasses, mug, tumbler, drinking glass, sippy cup', 'vaso, vasos, taza, copa, copas'),
  ('fork', 'fork, spoon, silverware, cutlery, utensil, utensils, flatware', 'tenedor, cuchara, cubiertos, utensilio, utensilios'),
  ('ladle', 'ladle, scoop, tongs, spatula, spoodle, turner', 'cucharón, cuchara, pinza, pinzas, espátula, volteador, pala'),
  ('straw', 'straw, straws, napkin, napkins, to go cup', 'popote, pajilla, servilleta, servilletas'),
  ('towel', 'towel, towels, rag, rags, cloth, side towel, wiping cloth, bar towel, paper towel', 'trapo, trapos, toalla, jerga, paño, franela, limpión, toalla de papel'),
  ('mop', 'mop, mops, mopping, mop bucket, mop head', 'trapeador, trapear, mopa, cubeta del trapeador, mapo'),
  ('squeegee', 'squeegee, broom, dustpan, sweep, sweeping', 'jalador, escurridor, escoba, recogedor, barrer'),
  ('sponge', 'sponge, scrubby, steel wool, green scrubby, scouring pad, scotch brite', 'esponja, fibra, estropajo, fibra metálica'),
  ('hose', 'hose, spray, sprayer, pressure washer, spray nozzle', 'manguera, rociar, regadera, hidrolavadora'),
  ('cart', 'cart, dolly, hand truck, trolley, speed rack, rolling rack', 'carrito, diablito, diablo, rack, carretilla'),
  ('ladder', 'ladder, step stool, stool, stepladder, climb', 'escalera, banco, banquito, escalerilla, subirse'),
  ('shelf', 'shelf, shelves, shelving, rack, racks, top shelf, bottom shelf', 'estante, repisa, anaquel, rejilla, rack, entrepaño'),
  ('pallet', 'pallet, crate, milk crate, box, boxes, case, cardboard, carton', 'tarima, huacal, reja, caja, cajas, cartón'),
  ('bag (2)', 'bag, bags, sack, sacks, trash bag, liner, ziploc', 'bolsa, bolsas, costal, costales, saco'),
  ('garbage', 'garbage, trash, rubbish, dumpster, trash can, waste, compactor', 'basura, basurero, bote de basura, contenedor, desperdicio, zafacón, tambo'),
  ('recycling', 'recycling, recycle, cardboard, compost, composting', 'reciclaje, reciclar, cartón, composta'),
  ('grease', 'grease, used oil, old oil, grease trap, grease bin, fry oil, shortening', 'grasa, aceite usado, aceite quemado, trampa de grasa, manteca'),
  ('sanitizer', 'sanitizer, sanitise, sanitize, sanitizing, quat, disinfect, disinfectant, sani, ppm, parts per million', 'desinfectante, desinfectar, sanitizante, sanitizar, cuaternario, partes por millón'),
  ('test strip', 'test strip, test strips, strips, strength, concentration', 'tira, tiras, tiras reactivas, concentración, papel indicador'),
  ('bleach', 'bleach, chlorine, clorox', 'cloro, blanqueador, lejía'),
  ('soap', 'soap, dish soap, detergent, hand soap, suds, soapy', 'jabón, detergente, jabón líquido, espuma'),
  ('chemical', 'chemical, chemicals, cleaner, cleaning product, degreaser, sds, safety data sheet', 'químico, químicos, producto de limpieza, limpiador, desengrasante, hoja de seguridad'),
  ('lime', 'lime, scale, limescale, delime, descale, descaler, delimer, deliming', 'sarro, cal, desincrustar, desincrustante, quitar el sarro'),
  ('mold', 'mold, mould, mildew, slime', 'moho, hongo, lama, babosidad'),
  ('dirty', 'dirty, filthy, grimy, gross, stained, sticky, dirt', 'sucio, cochino, mugroso, mugre, manchado, pegajoso'),
  ('dust', 'dust, crumbs, lint', 'polvo, migajas, pelusa'),
  ('rust', 'rust, rusty, crack, cracked, chip, chipped', 'oxidado, óxido, rajado, grieta, estrellado, despostillado'),
  ('broken glass', 'broken glass, glass, shattered, shards, shatter', 'vidrio, vidrio roto, cristal, quebrado, pedazos'),
  ('broken', 'broken, busted, not working, doesn''t work, out of order, malfunction, acting up, conked out', 'descompuesto, no sirve, no jala, no funciona, falla, se descompuso, fregado, averiado'),
  ('noise', 'noise, noisy, loud, rattling', 'ruido, ruidoso'),
  -- pests, weather
  ('pest', 'pest, pests, bug, bugs, insect, insects, critter', 'plaga, bicho, bichos, insecto, animalito'),
  ('roach', 'roach, roaches, cockroach, cockroaches', 'cucaracha, cucarachas'),
  ('mouse', 'mouse, mice, rat, rats, rodent, rodents, droppings, rat poop', 'ratón, ratones, rata, ratas, roedor, caca de ratón, excremento'),
  ('fly', 'fly, flies, fruit fly, gnat, mosquito', 'mosca, moscas, mosquita, mosquito'),
  ('ant', 'ant, ants, weevil, moth, spider, bee, wasp', 'hormiga, hormigas, gorgojo, palomilla, araña, abeja, avispa'),
  ('bird', 'bird, cat, dog, pet, animal, puppy', 'pájaro, gato, perro, mascota, animal'),
  ('service dog', 'service dog, service animal, guide dog, emotional support, support animal', 'perro de servicio, animal de servicio, perro guía, apoyo emocional'),
  ('storm', 'storm, snow, hurricane, ice storm, weather, snowstorm, rain, blizzard', 'tormenta, nieve, nevada, huracán, lluvia, clima'),
  ('hot', 'hot, heat, heat wave, warm, too hot', 'calor, caliente, caluroso, tibio'),
  ('cold (2)', 'cold, chilly, too cold, cool', 'frío, fría, helado, fresco'),
  -- food safety
  ('danger zone', 'danger zone, temperature danger zone, unsafe', 'zona de peligro, peligroso'),
  ('temperature', 'temperature, temp, temps, temped, degrees, internal temp, fahrenheit, how hot, how cold, core temp', 'temperatura, temp, grados, temperatura interna, qué tan caliente, qué tan frío'),
  ('cross contamination', 'cross contamination, cross contact, contaminated, contaminate, contamination', 'contaminación cruzada, contacto cruzado, contaminado, contaminar'),
  ('raw', 'raw, undercooked, rare, uncooked, bloody, pink, medium rare', 'crudo, cruda, mal cocido, término medio, rojo, rosado, sin cocer'),
  ('well done', 'well done, doneness, done, cooked through, fully cooked', 'bien cocido, bien hecho, en su punto, término, cocido'),
  ('ready to eat', 'ready to eat, rte, cooked food', 'listo para comer, listo para consumo'),
  ('leftover', 'leftover, leftovers, extra food, remaining', 'sobras, sobrante, lo que sobra, sobró, sobrantes'),
  ('fifo', 'fifo, first in first out, rotation, rotate, rotating, oldest first, older', 'primeras entradas, rotar, rotación, peps, lo más viejo, más viejo'),
  ('prep', 'prep, prepped, prep list, mise, mise en place, prepare, prepared, made, make, making', 'preparar, preparación, mise en place, hacer, hecho, elaborar, elaborado'),
  ('batch', 'batch, batches, load, round', 'tanda, tandas, lote, lotes, vuelta'),
  ('dent', 'dent, dented, swollen can, bulging, damaged, torn bag, leaking can', 'abollado, golpeado, inflada, dañado, maltratado'),
  ('reject', 'reject, refuse, send back, turn away, return, decline', 'rechazar, rechazo, regresar, devolver, no aceptar'),
  ('receive', 'receive, receiving, delivery, deliveries, shipment, truck, drop off, unload', 'recibir, recepción, entrega, entregas, pedido, camión, descargar, surtido'),
  ('stock', 'stock, inventory, restock, count, on hand, stocktake', 'inventario, existencias, surtir, conteo, resurtir'),
  ('order', 'order, ordering, place an order, reorder', 'pedido, pedir, ordenar, orden, encargo'),
  ('run out', 'run out, ran out, running low, out of, sold out, 86, eighty six, eighty sixed, nixed', 'acabarse, se acabó, se terminó, agotado, no hay, ya no hay, ochenta y seis, 86'),
  ('menu', 'menu, specials, special', 'menú, carta, especial, especiales'),
  ('recipe', 'recipe, formula, spec', 'receta, fórmula, ficha'),
  ('ingredient', 'ingredient, ingredients, what''s in, contains, contain', 'ingrediente, ingredientes, contiene, lleva, trae, contener'),
  ('portion', 'portion, portions, serving size, portion size, scoop, scoops, ounces', 'porción, porciones, ración, onzas, bola'),
  ('allergy', 'allergy, allergic, allergies, allergen, allergens, intolerant, intolerance, food allergy', 'alergia, alérgico, alérgica, alérgeno, alérgenos, intolerante, intolerancia'),
  ('gluten', 'gluten, wheat, celiac, coeliac, gluten free, gf', 'gluten, trigo, celíaco, celíaca, sin gluten'),
  ('dairy', 'dairy, lactose, milk, lactose intolerant', 'lácteo, lácteos, lactosa, leche'),
  ('peanut', 'peanut, peanuts, goober', 'cacahuate, cacahuates, maní, cacahuete'),
  ('nut', 'nut, nuts, tree nut, walnut, pecan, cashew, pistachio, hazelnut, almond', 'nuez, nueces, almendra, pistache, avellana, anacardo, frutos secos'),
  ('soy', 'soy, soya, tofu, soybean', 'soya, soja, tofu'),
  ('sesame', 'sesame, tahini', 'ajonjolí, sésamo'),
  ('shellfish', 'shellfish, seafood, crustacean, mollusk', 'marisco, mariscos, crustáceo, moluscos'),
  ('oyster', 'oyster, oysters, half shell, raw bar', 'ostión, ostiones, ostra, barra de crudos'),
  ('mussel', 'mussel, mussels, clam, clams, scallop, scallops, bivalve', 'mejillón, mejillones, almeja, almejas, callo, vieira'),
  ('shrimp', 'shrimp, shrimps, prawn, prawns', 'camarón, camarones, gamba, langostino'),
  ('lobster', 'lobster, lobsters, crab, crabs, crawfish', 'langosta, langostas, bogavante, cangrejo, jaiba'),
  ('fish', 'fish, fishes, filet, fillet, salmon, cod, tuna, halibut, haddock, snapper, tilapia, bass', 'pescado, pescados, filete, salmón, bacalao, atún, huachinango, tilapia, róbalo'),
  ('sushi', 'sushi, sashimi, ceviche, crudo, tartare, poke, carpaccio, raw fish', 'sushi, ceviche, tartar, aguachile, carpaccio, pescado crudo'),
  ('chicken', 'chicken, poultry, bird, wing, wings, thigh, breast, drumstick, hen', 'pollo, pollos, ave, aves, ala, alas, pechuga, muslo, pierna, gallina'),
  ('turkey', 'turkey, duck', 'pavo, guajolote, pato'),
  ('beef', 'beef, steak, steaks, ribeye, sirloin, skirt steak, filet mignon, brisket, new york', 'res, bistec, bistecs, filete, arrachera, carne, corte, pecho'),
  ('ground beef', 'ground beef, hamburger, burger, burgers, patty, patties, ground meat, mince, meatball', 'carne molida, hamburguesa, hamburguesas, molida, albóndiga'),
  ('pork', 'pork, hog, pork chop, pork shoulder, pig, pulled pork, loin', 'puerco, cerdo, chuleta, lomo, espaldilla, cochino, marrano'),
  ('ham', 'ham, bacon, sausage, hot dog, chorizo, pepperoni, cold cuts, deli meat', 'jamón, tocino, salchicha, chorizo, carnes frías, embutido'),
  ('lamb', 'lamb, goat, veal', 'cordero, borrego, cabrito, chivo, barbacoa, ternera'),
  ('meat', 'meat, meats, protein', 'carne, carnes, proteína'),
  ('rib', 'rib, ribs, prime rib, roast beef, whole roast', 'costilla, costillas, rosbif, asado'),
  ('tripe', 'tripe, tongue, offal', 'menudo, tripa, tripas, lengua, vísceras, sesos'),
  ('egg', 'egg, eggs, yolk, runny, sunny side, scrambled, poached, over easy, shell egg, omelette, hollandaise', 'huevo, huevos, blanquillo, yema, estrellado, revueltos, tibio, pochado, omelet, holandesa'),
  ('cheese', 'cheese, mozzarella, cheddar, parmesan, cotija, queso fresco', 'queso, quesos, mozarela, cotija, queso fresco'),
  ('butter', 'butter, margarine', 'mantequilla, margarina'),
  ('cream', 'cream, sour cream, whipped cream, half and half', 'crema, crema agria, nata, crema batida'),
  ('yogurt', 'yogurt, custard, pudding', 'yogur, natilla, budín'),
  ('bread', 'bread, rolls, bun, buns, toast, baguette, loaf', 'pan, panes, bolillo, telera, bollo, tostada'),
  ('tortilla', 'tortilla, tortillas, corn tortilla, flour tortilla', 'tortilla, tortillas, de maíz, de harina'),
  ('taco', 'taco, tacos, burrito, quesadilla, tamale, tamales, enchilada, torta', 'taco, tacos, burrito, quesadilla, tamal, tamales, enchilada, torta'),
  ('masa', 'masa, dough, nixtamal, corn dough, hominy', 'masa, nixtamal, nixtamalizar, maseca'),
  ('corn', 'corn, maize, cob', 'maíz, elote, mazorca, choclo'),
  ('rice', 'rice, risotto', 'arroz, risotto'),
  ('bean', 'bean, beans, refried', 'frijol, frijoles, refritos, alubia, porotos'),
  ('pasta', 'pasta, noodles, spaghetti, macaroni, mac', 'pasta, fideos, espagueti, macarrones, coditos'),
  ('potato', 'potato, potatoes, spud, fries, french fry, chips, mash, mashed potato, tater', 'papa, papas, papas fritas, puré, patata'),
  ('soup', 'soup, soups, chowder, bisque, stew, chili, gumbo', 'sopa, sopas, caldo, crema, guiso, guisado, pozole, menudo'),
  ('stock (2)', 'stock, broth, bone broth, consomme', 'caldo, fondo, consomé'),
  ('sauce', 'sauce, sauces, gravy, marinara', 'salsa, salsas, gravy, aderezo'),
  ('salsa', 'salsa, pico, pico de gallo, hot sauce, chile', 'salsa, pico de gallo, salsa picante, chile'),
  ('dressing', 'dressing, ranch, vinaigrette, caesar, mayo, mayonnaise, aioli', 'aderezo, vinagreta, ranch, mayonesa, alioli'),
  ('salad', 'salad, greens, lettuce, spinach, kale, sprouts, romaine, lettuces', 'ensalada, lechuga, espinaca, verdes, germinado, hojas'),
  ('vegetable', 'vegetable, vegetables, veggie, veggies, produce, veg', 'verdura, verduras, vegetales, hortaliza, legumbre'),
  ('fruit', 'fruit, fruits, berry, berries, strawberry, melon, cantaloupe, watermelon, apple, banana', 'fruta, frutas, fresa, melón, sandía, manzana, plátano, mango'),
  ('tomato', 'tomato, tomatoes', 'tomate, jitomate, jitomates'),
  ('onion', 'onion, onions, garlic, scallion, shallot', 'cebolla, cebollas, ajo, cebollín'),
  ('pepper', 'pepper, peppers, chile, chili, jalapeno, habanero, chipotle, serrano, arbol', 'chile, chiles, jalapeño, habanero, chipotle, serrano, pimiento, de árbol'),
  ('avocado', 'avocado, avocados, guac, guacamole, avo', 'aguacate, aguacates, guacamole, guac, palta'),
  ('lemon', 'lemon, lime, limes, lemons, citrus', 'limón, limones, lima'),
  ('herb', 'herb, herbs, cilantro, parsley, basil, mint, epazote', 'hierba, hierbas, cilantro, perejil, albahaca, menta, epazote'),
  ('spice', 'spice, spices, seasoning, salt, pepper, cumin, oregano', 'especia, especias, sazón, sal, pimienta, comino, orégano'),
  ('sugar', 'sugar, sweetener, syrup, honey, brown sugar', 'azúcar, endulzante, jarabe, miel, piloncillo'),
  ('oil', 'oil, olive oil, vegetable oil, canola, lard', 'aceite, aceites, manteca, oliva'),
  ('vinegar', 'vinegar, pickle, pickled, pickles, brine', 'vinagre, encurtido, en vinagre, pepinillos, salmuera, escabeche'),
  ('dessert', 'dessert, desserts, cake, cheesecake, pie, pastry, ice cream, sweet, brownie, flan, churro', 'postre, postres, pastel, pay, helado, nieve, dulce, flan, churro, pan dulce'),
  ('coffee', 'coffee, espresso, latte', 'café, expreso'),
  ('soda', 'soda, soft drink, pop, coke, fountain drink', 'refresco, soda, gaseosa, coca'),
  ('juice', 'juice, lemonade, agua fresca, horchata, hibiscus, jamaica', 'jugo, limonada, agua fresca, horchata, jamaica, aguas'),
  ('beer', 'beer, beers, draft, draught, keg, kegs, brew, tap beer', 'cerveza, cervezas, barril, chela, birria, caguama'),
  ('wine', 'wine, liquor, cocktail, booze, spirits, margarita, tequila', 'vino, licor, coctel, trago, tequila, mezcal'),
  ('ice cream', 'ice cream, sorbet, gelato', 'helado, nieve, paleta'),
  ('brunch', 'brunch, breakfast', 'desayuno, almuerzo, brunch'),
  ('buffet', 'buffet, banquet, catering, party, wedding, event, function', 'bufé, bufet, banquete, fiesta, boda, evento, catering'),
  ('takeout', 'takeout, take out, to go, carryout, carry out, takeaway, delivery order, doggy bag, doggie bag', 'para llevar, pa llevar, comida para llevar, a domicilio, pedido para llevar'),
  ('garnish', 'garnish, plating, plate up, presentation', 'decorar, guarnición, emplatar, montar, presentación'),
  ('batter', 'batter, breading, breaded, flour, dredge, panko, battered', 'capear, capeado, empanizar, empanizado, harina, rebozar, rebozado'),
  ('marinade', 'marinade, marinate, marinated, adobo, rub', 'marinar, marinado, adobo, adobar'),
  ('vacuum', 'vacuum, vacuum pack, vac pack, sous vide, reduced oxygen, cryovac, sealed', 'al vacío, empacado al vacío, sous vide, sellado'),
  ('canned food', 'canned food, home canned, homemade, from home, brought from home', 'hecho en casa, de la casa, de mi casa, enlatado'),
  ('sample', 'sample, taste, tasting spoon, double dip, dipping', 'probar, prueba, cuchara de probar, probada'),
  ('bare hand', 'bare hand, bare hands, barehanded, no gloves, without gloves, fingers', 'mano limpia, sin guantes, mano desnuda, con la mano, a mano pelada'),
  ('hand washing', 'hand washing, wash hands, wash my hands, handwashing, wash up, scrub in', 'lavarse las manos, lavar las manos, lavado de manos'),
  -- slang of English kitchens
  ('in the weeds', 'in the weeds, slammed, getting killed, crushed, buried, hammered', 'ahogado, a tope, hasta el cuello, en friega, bien lleno, a reventar'),
  ('heard', 'heard, behind, corner, hot behind, sharp, coming through, backs', 'atrás, esquina, voy atrás, caliente atrás, con permiso, pasando, filo'),
  ('all day', 'all day, on the fly', 'al vuelo, marcha'),
  ('sling', 'sling, plate, plated, run food', 'emplatar, sacar platos'),
  ('comp', 'comp, comped, void, voided, refire, remake, refired', 'cortesía, cancelar, rehacer, volver a hacer'),
  ('walk', 'walk, walked, walkout, dine and dash', 'se fue, se fueron, sin pagar'),
  ('stage', 'stage, staging, shadow, shadowing', 'prueba, seguir, sombra'),
  ('nuke', 'nuke, zap', 'microondas, recalentar'),
  ('snag', 'snag, nab, swipe, grab, steal a', 'agarrar, tomar, llevarse'),
  ('chuck', 'chuck, pitch, toss, ditch, dump, bin it, trash it, scrap', 'tirar, botar, desechar'),
  ('guy', 'guy, dude, man, fella, lady, gal', 'señor, señora, tipo, chavo, vato, don, doña'),
  ('boo boo', 'boo boo, ding, nick, slice my finger, chunk', 'cortada, rajada'),
  ('gunk', 'gunk, crud, grime, buildup, crust, residue, soot, carbon', 'cochambre, mugre, costra, residuo, tizne, grasa pegada, carbón'),
  ('torch', 'torch, burnt to a crisp', 'quemar, chamuscar'),
  ('bust tubs', 'bust tubs, bus tub, bus tubs, bus pan', 'tina, tinas, charola de trastes, bus tub'),
  ('hotel', 'hotel, sixth, ninth, third', 'inserto, charola'),
  ('sani', 'sani, sani water, sani bucket, quat bucket', 'sanitizante, cubeta de sanitizante'),
  ('spec', 'spec, specs', 'receta, medida'),
  ('fridge (2)', 'fridge', 'refri'),
  ('pit', 'pit, the pit', 'lavado de trastes, lavaplatos'),
  ('bev', 'bev, bevs, bevvie, drink', 'bebida'),
  ('app', 'app, apps, appetizer, starter', 'entrada, botana, aperitivo'),
  ('rez', 'rez, reso, reservation, booking, covers', 'reservación, reserva, cubiertos'),
  ('cig', 'cig, smoke break, dart, puff', 'cigarro, fumar'),
  ('cuss', 'cuss, swear, yell, yelling, scream', 'gritar, grito, maldecir, groserías'),
  ('rags', 'rags, side towels, side rags', 'trapos, jergas'),
  -- slang and borrowed words of Spanish in American kitchens
  ('mop (2)', 'mop, mopear', 'trapeador, trapear, mopear, mapear'),
  ('lunch break', 'lunch break, lonche', 'lonche, lonchar, lonchecito'),
  ('truck', 'truck, pickup', 'troca, troquita, camioneta, camión'),
  ('job', 'job, work, gig', 'trabajo, jale, chamba, chambear, trabajar'),
  ('bill', 'bill, bills, twenty, ten bucks', 'billete, un veinte, varo, varos, baro'),
  ('money', 'money, cash', 'lana, feria, plata, billete, varo'),
  ('cool', 'cool, okay, fine', 'chido, órale, sale, está bien'),
  ('kid', 'kid, guy, boy, dude', 'morro, chavo, chamaco, escuincle, güey, vato, plebe'),
  ('boss', 'boss, manager', 'jefe, patrón, mero mero, mánager'),
  ('careful', 'careful, watch out, caution', 'aguas, cuidado, ojo, abusado'),
  ('mess up', 'mess up, screw up, messed up, ruined, mistake', 'regarla, la regué, echar a perder, valió, ya valió, error, equivocarse'),
  ('a lot', 'a lot, bunch, ton', 'un chorro, un montón, bastante, un buen'),
  ('hungry', 'hungry, starving', 'hambre, tripa'),
  ('tired', 'tired, exhausted', 'cansado, molido'),
  ('drunk (2)', 'drunk, hungover', 'tomado'),
  ('gossip', 'gossip, rumor', 'chisme, chismear'),
  ('fast', 'fast, hurry, quick', 'rápido, pícale, apúrate, de volada'),
  ('leak', 'leak, leaking', 'fuga, liquear, liqueando, gotear'),
  ('park', 'park, parking', 'parquear, parking, parqueadero'),
  ('break time', 'break time', 'break, breik, brek'),
  ('overtime (2)', 'overtime', 'overtime'),
  ('shift manager', 'shift manager', 'mánager, encargado de turno'),
  ('cooler', 'cooler, reach in', 'cooler, hielera, refri'),
  ('freeze (2)', 'freeze, frozen', 'friser, frisear, freezear'),
  ('cup (2)', 'cup, glass', 'copa, vaso'),
  ('tape', 'tape, masking tape', 'teip, cinta, masking'),
  ('marker', 'marker, sharpie, pen, pencil', 'marcador, plumón, pluma, lápiz'),
  ('ticket', 'ticket, order slip, chit', 'comanda, tiquete, ticket, orden'),
  ('dish machine', 'dish machine, dishes', 'trastes, loza, trastos'),
  ('tray (2)', 'tray, sheet', 'charola'),
  ('basket', 'basket, fry basket', 'canasta, canastilla'),
  ('fridge door', 'fridge door, gasket, seal', 'empaque, sello, puerta'),
  ('switch', 'switch, button, knob, dial, setting', 'interruptor, apagador, botón, perilla, switch'),
  ('trap', 'trap, grease trap', 'trampa'),
  ('turn (2)', 'turn, wave, rush', 'ola, rush'),
  ('can', 'can, cans', 'lata, bote'),
  ('napkin holder', 'napkin holder, condiment, ketchup, mustard', 'cátsup, mostaza, condimento, salsa cátsup'),
  -- qualities and places
  ('small', 'small, little, tiny, mini', 'chico, pequeño, chiquito'),
  ('big', 'big, large, huge, jumbo', 'grande, enorme, grandote'),
  ('heavy', 'heavy, weighs a lot', 'pesado, pesa mucho'),
  ('full', 'full, packed, stuffed', 'lleno, llena, repleto'),
  ('empty', 'empty, nothing left', 'vacío, vacía'),
  ('half', 'half, halfway', 'mitad, medio, a la mitad'),
  ('whole', 'whole, entire, complete', 'entero, completo, todo'),
  ('new', 'new, brand new, unopened, sealed', 'nuevo, sin abrir, cerrado'),
  ('opened', 'opened, open package, once opened, cracked open', 'abierto, abrí, ya abierto'),
  ('clear', 'clear, cloudy, dark, murky, foamy, foam, smoky', 'claro, turbio, oscuro, espuma, espumoso, humea'),
  ('soft', 'soft, hard, crispy, soggy, mushy', 'suave, blando, duro, crujiente, aguado'),
  ('sweet', 'sweet, sour, bitter, salty', 'dulce, agrio, ácido, amargo, salado'),
  ('wet', 'wet, damp, moist, soaked, puddle, standing water', 'mojado, húmedo, charco, encharcado'),
  ('dry (2)', 'dry, dried out', 'seco, reseco'),
  ('above', 'above, over, on top, top', 'arriba, encima, sobre'),
  ('below', 'below, under, underneath, beneath, bottom', 'abajo, debajo, bajo'),
  ('next to', 'next to, beside, near, by, close to', 'junto, al lado, cerca'),
  ('far', 'far, away, distance, inches off', 'lejos, distancia, separado, retirado'),
  ('inside', 'inside, in, indoors', 'adentro, dentro'),
  ('middle', 'middle, center, core, thickest, thick', 'centro, medio, en medio, grueso'),
  ('order (2)', 'order, layers, which goes where, arrangement', 'orden, acomodo, niveles'),
  ('separate', 'separate, apart, separately', 'separado, aparte, separar'),
  ('together', 'together, side by side', 'juntos, junto'),
  ('safe (2)', 'safe, okay to, ok to, safe to', 'seguro, bueno para, se puede'),
  ('maximum', 'maximum, max, at most, limit, up to, no more than, highest', 'máximo, límite, lo más, tope, cuando mucho'),
  ('minimum', 'minimum, at least, lowest, min', 'mínimo, al menos, por lo menos, lo menos'),
  ('color', 'color, colour, colors, coded, color code', 'color, colores'),
  ('red', 'red', 'rojo, roja, colorado'),
  ('green', 'green', 'verde'),
  ('blue', 'blue', 'azul'),
  ('yellow', 'yellow', 'amarillo, amarilla'),
  ('white', 'white', 'blanco, blanca'),
  ('brown', 'brown, tan', 'café, marrón'),
  ('purple', 'purple, violet', 'morado, morada'),
  ('black', 'black', 'negro, negra'),
  ('orange', 'orange', 'naranja, anaranjado'),
  ('language', 'language, spanish, english, translate, translation, interpreter', 'idioma, español, inglés, traducir, traducción'),
  ('sign', 'sign, poster, notice, posted, board, bulletin', 'letrero, aviso, cartel, póster, tablero, publicado, pizarrón'),
  ('list', 'list, checklist, sheet, chart, clipboard', 'lista, hoja, tabla, checklist'),
  ('binder', 'binder, folder, book, logbook, manual', 'carpeta, libro, bitácora, manual'),
  ('number', 'number, phone number, extension, contact', 'número, teléfono, contacto'),
  ('address', 'address, location, located, where is', 'dirección, ubicación, ubicado, dónde está'),
  -- words that sound alike, as a recogniser confuses them
  ('stake', 'stake, steak, steaks, stakes', ''),
  ('muscle', 'muscle, muscles, mussel, mussels', ''),
  ('flower', 'flower, flour, flowers', ''),
  ('meet', 'meet, meat, meets', ''),
  ('thyme', 'thyme, time', ''),
  ('leek', 'leek, leak, leeks', ''),
  ('sear (2)', 'sear, seer', ''),
  ('dough', 'dough, doe', ''),
  ('week (2)', 'week, weak', ''),
  ('waste', 'waste, waist', ''),
  ('hole', 'hole, whole', ''),
  ('poor', 'poor, pour, pore', ''),
  ('bare', 'bare, bear', ''),
  ('brake', 'brake, break, brakes, breaks', ''),
  ('bury', 'bury, berry, berries', ''),
  ('place', 'place, plaice', ''),
  ('pair', 'pair, pear, pare', ''),
  ('right', 'right, write, rite', ''),
  ('chilly', 'chilly, chili, chile', ''),
  ('source', 'source, sauce, sources', ''),
  ('sell (2)', 'sell, cell', ''),
  ('base', 'base, bass', ''),
  ('beet', 'beet, beat', ''),
  ('bred', 'bred, bread', ''),
  ('desert', 'desert, dessert', ''),
  ('need', 'need, knead', ''),
  ('maze', 'maze, maize', ''),
  ('moose', 'moose, mousse', ''),
  ('sunday', 'sunday, sundae', ''),
  ('foul', 'foul, fowl', ''),
  ('course', 'course, coarse', ''),
  ('die (2)', 'die, dye', ''),
  ('heel', 'heel, heal', ''),
  ('pain (2)', 'pain, pane', ''),
  ('pale', 'pale, pail', ''),
  ('steel', 'steel, steal', ''),
  ('past', 'past, pest', ''),
  ('sweet (2)', 'sweet, suite', ''),
  ('sell by', 'sell by, cell by', ''),
  ('fry (2)', 'fry, fries, frys', ''),
  ('walking', 'walking, walk in, walken', ''),
  ('riched in', 'riched in, reach in', ''),
  ('sinks', 'sinks, syncs, sink', ''),
  ('soap (2)', 'soap, soup', ''),
  ('dish', 'dish, ditch', ''),
  ('grease (2)', 'grease, grees, greece', ''),
  ('mop (3)', 'mop, mope', ''),
  ('lobster (2)', 'lobster, lobsters, mobster', ''),
  ('clothes', 'clothes, close, cloths', ''),
  ('oyster (2)', 'oyster, oisters, oysters', ''),
  ('rays', 'rays, raise', ''),
  ('shift (2)', 'shift, ship, shifts', ''),
  ('glove (2)', 'glove, gloves, loves', ''),
  ('sanitizer (2)', 'sanitizer, sanity', ''),
  ('tip (2)', 'tip, tips, tipped', ''),
  ('gluten (2)', 'gluten, gluing', ''),
  ('freezer (2)', 'freezer, freezers, frees her', ''),
  ('baso', '', 'baso, vaso'),
  ('ora', '', 'ora, hora'),
  ('echo', '', 'echo, hecho'),
  ('asar', '', 'asar, azar'),
  ('cocer', '', 'cocer, coser, cosen'),
  ('tasa', '', 'tasa, taza'),
  ('botar', '', 'botar, votar'),
  ('hielo', '', 'hielo, yelo, yelos'),
  ('hierba', '', 'hierba, yerba'),
  ('rallar', '', 'rallar, rayar'),
  ('pollo', '', 'pollo, poyo'),
  ('cerrar', '', 'cerrar, serrar'),
  ('masa (2)', '', 'masa, maza'),
  ('zumo', '', 'zumo, sumo'),
  ('abrasar', '', 'abrasar, abrazar'),
  ('hervir', '', 'hervir, ervir, herbir'),
  ('lavar', '', 'lavar, labar'),
  ('huevo', '', 'huevo, guevo'),
  ('cuarto', '', 'cuarto, quarto'),
  ('arroz', '', 'arroz, aros'),
  ('res', '', 'res, rez'),
  ('freidora', '', 'freidora, freír hora'),
  ('guante', '', 'guante, aguante, guantes'),
  ('piso', '', 'piso, pizo'),
  ('jabón', '', 'jabón, javón'),
  ('propina', '', 'propina, pro pina'),
  -- more of the day's work
  ('sit out', 'sit out, left out, sitting out, leave out, stay out, out of the fridge, on the counter, room temperature', 'dejar afuera, quedó fuera, afuera, a temperatura ambiente, sin refrigerar, se quedó'),
  ('sink in', 'sink in, drop, dropped, fell on the floor, drops', 'caer, se cayó, al piso, bajar, bajó'),
  ('rise', 'rise, goes up, climbed, climbing, too high', 'subir, subió, sube, alto'),
  ('warm', 'warm, lukewarm, tepid', 'tibio, templado'),
  ('limit', 'limit, hours limit, how long can, four hours, time limit', 'límite, tiempo máximo'),
  ('stand', 'stand, standing, stool, sit, sitting, seat', 'pararse, parado, sentarse, sentado, silla'),
  ('walk (2)', 'walk, walking, run, running', 'caminar, correr'),
  ('talk', 'talk, speak, chat', 'hablar, platicar, conversar'),
  ('teach me', 'teach me, how to use, instructions, steps', 'cómo se usa, instrucciones, pasos'),
  ('borrow shift', 'borrow shift, pick up a shift, extra shift, give away my shift', 'agarrar un turno, doblar turno, dar mi turno'),
  ('text', 'text, message, group chat, whatsapp, app', 'mensaje, chat, whatsapp, aplicación, grupo'),
  ('post', 'post, posted, put up, publish, come out, comes out', 'publicar, publica, poner, sale, salir'),
  ('swap with', 'swap with, trade with', 'cambiar con'),
  ('birthday', 'birthday, party', 'cumpleaños, fiesta'),
  ('school', 'school, class, homework, exam', 'escuela, clases, tarea, examen'),
  ('sit down', 'sit down, table nine, table', 'mesa'),
  ('cut hours', 'cut hours, short shift, send home, sent home', 'mandar a casa, me mandaron'),
  ('call the cops', 'call the cops, call 911', 'llamar a la policía'),
  ('help', 'help, assist, ask for help, team lift', 'ayuda, ayudar, entre dos'),
  ('safe distance', 'safe distance, inches, foot, feet', 'pulgada, pulgadas, pie'),
  ('pounds', 'pounds, lbs, kilos, kilo, ounce, oz, gram', 'libra, libras, kilo, kilos, onza, gramo'),
  ('gallon', 'gallon, gallons, quart, quarts, liter, liters, cups, tablespoon', 'galón, galones, litro, litros, cuarto, taza, cucharada'),
  ('percent', 'percent, part, ratio', 'por ciento, partes, proporción'),
  ('big party', 'big party, large party, headcount, people', 'grupo grande, personas, gente'),
  ('extra', 'extra, spare, more', 'extra, de más, adicional, de repuesto'),
  ('missing', 'missing, gone, nowhere', 'falta, no está, desapareció'),
  ('leftover cake', 'leftover cake, slice of cake', 'pedazo de pastel'),
  ('shake', 'shake, shaking, wipe hands, air dryer, hand dryer, paper towel', 'secarse, sacudir'),
  ('scratch', 'scratch, scratched, groove, grooves, worn out, deep cuts', 'rayado, raya, marcas, gastado'),
  ('bone', 'bone, bones, shell, shells', 'hueso, espina, concha, cáscara'),
  ('foreign object', 'foreign object, plastic, metal, bandage in food, found in food', 'objeto extraño, plástico, metal'),
  ('hot water', 'hot water, scalding, steam', 'agua hirviendo, vapor'),
  ('oil (2)', 'oil, boiling oil, oil splatter', 'aceite hirviendo, aceite caliente'),
  ('cool burn', 'cool burn, cold water, run under water', 'agua fría, chorro de agua'),
  ('pressure', 'pressure, press, apply pressure', 'presión, presionar, apretar'),
  ('bandaid color', 'bandaid color, blue bandage', 'curita azul'),
  ('cover cut', 'cover cut, finger cot', 'dedil'),
  ('send home', 'send home, stay home, can I work, come to work, go to work', 'ir a trabajar, quedarse en casa, venir a trabajar'),
  ('come back', 'come back, return to work, back to work, allowed back, when can I come back', 'volver, regresar, regresar a trabajar'),
  ('symptom', 'symptom, symptoms, symptom free', 'síntoma, síntomas, sin síntomas'),
  ('contagious', 'contagious, spread, infectious', 'contagioso, contagiar'),
  ('tested positive', 'tested positive, covid', 'prueba positiva, covid'),
  ('dizzy', 'dizzy, lightheaded', 'mareado, mareo'),
  ('spit', 'spit, spitting, lick', 'escupir, lamer'),
  ('scratch nose', 'scratch nose, touch face, touched my face', 'tocarse la cara, rascar'),
  ('bathroom break', 'bathroom break, used the bathroom, after the bathroom', 'ir al baño, después del baño'),
  ('chewing gum', 'chewing gum, candy, mint', 'chicle, dulce'),
  ('water bottle', 'water bottle, energy drink, soda can, travel mug', 'botella de agua, bebida energética, termo'),
  ('test the oil', 'test the oil, change oil, oil life, filter oil, boil out', 'cambiar el aceite, filtrar el aceite'),
  ('turn pilot', 'turn pilot, relight', 'prender el piloto, reencender'),
  ('take apart', 'take apart, disassemble, break down', 'desarmar, desmontar'),
  ('put back', 'put back, reassemble', 'armar, volver a armar'),
  ('unplug', 'unplug, lock out, power off', 'desconectar, desenchufar'),
  ('soak overnight', 'soak overnight', 'dejar remojando'),
  ('pit (2)', 'pit, dish rack, load, racks', 'rejilla, carga, rack'),
  ('final rinse', 'final rinse, wash temp, rinse temp', 'enjuague final'),
  ('air gap', 'air gap, stack wet, wet nesting', 'apilar mojado'),
  ('pull out', 'pull out, move equipment, behind equipment', 'mover el equipo, detrás'),
  ('deep clean', 'deep clean, weekly cleaning, detail clean', 'limpieza profunda, limpieza semanal'),
  ('trash run', 'trash run, take out the trash, trash day, pickup', 'sacar la basura, recolección'),
  ('lock', 'lock, padlock, locked, unlock, locked in, trapped, stuck inside', 'candado, llave, encerrado, atrapado'),
  ('release', 'release, handle, inside release', 'manija, palanca'),
  ('frost', 'frost, frosty, ice build up, ice buildup, frostbite, freezer burn', 'escarcha, hielo acumulado, quemadura de congelador'),
  ('door open', 'door open, left open, propped open, ajar', 'puerta abierta, dejaron abierta'),
  ('restaurant closed', 'restaurant closed, health closure, shut us down', 'clausurar, cerrar'),
  ('tasting spoon', 'tasting spoon, clean spoon', 'cuchara limpia'),
  ('double', 'double, duplicate, twice', 'doble, duplicado'),
  ('modify', 'modify, substitution, special request, no onions, on the side', 'modificar, sin, aparte, sustituir'),
  ('wrong order', 'wrong order, mistake, mix up, wrong dish, sent back', 'orden equivocada, error, equivocado, me equivoqué'),
  ('vegan butter', 'vegan butter, oil free', 'sin grasa'),
  ('kids menu', 'kids menu, high chair', 'menú infantil, silla alta'),
  ('seat', 'seat, section', 'sección, zona'),
  ('deposit', 'deposit, cancel, cancellation', 'depósito, cancelar'),
  ('bartender cut off', 'bartender cut off, intoxicated, over served', 'borracho, no servir'),
  ('id', 'id, identification, proof of age, birth date, carding', 'identificación, edad, credencial'),
  ('age', 'age, years old, old enough, how old', 'edad, años, qué edad'),
  ('machine', 'machine, machinery, power equipment, operate, dangerous equipment', 'máquina, maquinaria, operar, usar la máquina'),
  ('sun', 'sun, umbrella, outdoor', 'sol, sombrilla'),
  ('food truck', 'food truck, truck, trailer', 'camión, troca, food truck'),
  ('fundraiser', 'fundraiser, market, fair', 'mercado'),
  ('generator (2)', 'generator, propane tank, cylinder', 'tanque, cilindro de gas'),
  ('water tank', 'water tank, tank, cistern, fresh water, gray water', 'tinaco, tanque, cisterna, aguas grises'),
  ('spit (2)', 'spit, rotisserie, trompo, vertical broiler', 'trompo, pastor'),
  ('carnitas', 'carnitas, barbacoa, al pastor, birria, adobada, carne asada', 'carnitas, barbacoa, pastor, birria, adobada, carne asada'),
  ('crumble', 'crumble, shred, shredded, pull', 'deshebrar, desmenuzar'),
  ('toast', 'toast, toasted, dry roast', 'tostar, tostado'),
  ('press', 'press, tortilla press, pressed', 'prensa, prensar, aplastar'),
  ('steam', 'steam, steamed, steamer', 'vapor, vaporera, al vapor'),
  ('ferment', 'ferment, fermented, fermentation, fizzy', 'fermentar, fermentado, fermento'),
  ('lime water', 'lime water, cal, nejayote', 'cal, nejayote')
),
terms as (
  select distinct '~' || s.concept as concept, l.language, btrim(t.term) as term
  from said s
  cross join lateral (values ('en', s.english), ('es', s.spanish)) l (language, list)
  cross join lateral unnest(string_to_array(l.list, ',')) t (term)
),
read as (
  select t.*,
    tsvector_to_array(case t.language
      when 'es' then to_tsvector('private.spanish', t.term)
      else to_tsvector('private.english', t.term) end) as stems
  from terms t
)
insert into private.vocabulary (concept, language, term, lexemes)
select r.concept, r.language, r.term, r.stems
from read r
where exists (
  select from unnest(r.stems) l (lexeme)
  -- A term of filler words only stands in every text.
  where not exists (select from private.question_fillers f where f.language = r.language and f.word = l.lexeme));

-- Filler words of kitchens. They come after the vocabulary, which needs "use by", "echar" and "man" as terms.
insert into private.question_fillers (language, word)
select distinct f.language, w.lexeme
from (values
  ('en', 'yo dude man alright gotcha lemme use now'),
  ('es', 'jefe verdad ando anda andan echo echa echar nomas aunque bien mal')
) f (language, words)
cross join lateral unnest(to_tsvector('private.simple', f.words)) w;

-- Word counts of a handbook.

create table private.handbook_words (
  organisation_id uuid not null references public.organisations (id) on update cascade on delete cascade,
  group_key uuid not null,
  language text not null check (language in ('en', 'es')),
  lexeme text not null,
  passages integer not null,
  sections integer not null,
  is_word boolean not null,
  primary key (organisation_id, group_key, language, lexeme)
);
create index handbook_words_alike on private.handbook_words using gin (lexeme extensions.gin_trgm_ops)
  with (fastupdate = off) where is_word;
comment on table private.handbook_words is
  'How many published passages and sections have a lexeme, so that no question has to count them.
  The empty lexeme counts all passages and sections.';
comment on column private.handbook_words.group_key is
  'The restaurant, or the nil id for the sections of the brand: a key has no nulls.';
comment on column private.handbook_words.sections is
  'Rarity is counted in sections: each passage repeats the title, so a long section would make its subject look common.';
comment on column private.handbook_words.is_word is
  'Whether a text has the lexeme as a whole word, not only as a stem.';
alter table private.handbook_words enable row level security;

create function private.passage_lexemes(_fts tsvector)
returns table (lexeme text, is_word boolean)
language sql immutable set search_path = ''
as $$
  select l.lexeme, 'D' = any (l.weights) from unnest(_fts) l where length(l.lexeme) <= 60
  union all
  select '', false
$$;
comment on function private.passage_lexemes is
  'The lexemes of a passage of at most 60 characters, and the empty lexeme. Longer ones are no words.';

create function private.count_words() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if tg_op <> 'INSERT' then
    -- Only updates: when an organisation is deleted, its rows are already gone.
    update private.handbook_words w set passages = w.passages - c.passages, sections = w.sections - c.sections
      from (
        with others as materialized (
          select distinct p.section_id, p.language, l.lexeme
          from (select distinct g.section_id, g.language from gone g where g.is_published) s
          join public.manual_passages p on p.section_id = s.section_id and p.language = s.language and p.is_published
          cross join lateral private.passage_lexemes(p.fts) l
          where p.id not in (select g.id from gone g)
        )
        select p.organisation_id, coalesce(p.group_id, _nobody) as group_key, p.language, l.lexeme,
          count(*)::integer as passages,
          -- A section loses a word together with its last passage that has the word.
          (count(distinct p.section_id) filter (where o.lexeme is null))::integer as sections
        from gone p
        cross join lateral private.passage_lexemes(p.fts) l
        left join others o on o.section_id = p.section_id and o.language = p.language and o.lexeme = l.lexeme
        where p.is_published
        group by 1, 2, 3, 4
      ) c
      where w.organisation_id = c.organisation_id and w.group_key = c.group_key and w.language = c.language
        and w.lexeme = c.lexeme;
  end if;
  if tg_op <> 'DELETE' then
    insert into private.handbook_words as w (organisation_id, group_key, language, lexeme, passages, sections, is_word)
      with others as materialized (
        select distinct p.section_id, p.language, l.lexeme
        from (select distinct c.section_id, c.language from come c where c.is_published) s
        join public.manual_passages p on p.section_id = s.section_id and p.language = s.language and p.is_published
        cross join lateral private.passage_lexemes(p.fts) l
        where p.id not in (select c.id from come c)
      )
      select p.organisation_id, coalesce(p.group_id, _nobody), p.language, l.lexeme, count(*)::integer,
        (count(distinct p.section_id) filter (where o.lexeme is null))::integer, bool_or(l.is_word)
      from come p
      cross join lateral private.passage_lexemes(p.fts) l
      left join others o on o.section_id = p.section_id and o.language = p.language and o.lexeme = l.lexeme
      where p.is_published
      group by 1, 2, 3, 4
      order by 1, 2, 3, 4
      on conflict (organisation_id, group_key, language, lexeme) do update
        set passages = w.passages + excluded.passages, sections = w.sections + excluded.sections,
          is_word = w.is_word or excluded.is_word;
  end if;
  return null;
end
$$;
comment on function private.count_words is 'Keeps private.handbook_words equal to the published passages.';

create trigger count_new_words after insert on public.manual_passages
  referencing new table as come
  for each statement execute function private.count_words();
create trigger count_changed_words after update on public.manual_passages
  referencing old table as gone new table as come
  for each statement execute function private.count_words();
create trigger count_old_words after delete on public.manual_passages
  referencing old table as gone
  for each statement execute function private.count_words();

-- Questions that sections answer.

create table private.section_questions (
  version_id uuid not null references public.manual_section_versions (id) on delete cascade,
  section_id uuid not null,
  organisation_id uuid not null,
  group_id uuid,
  language text not null,
  place integer not null,
  fts tsvector not null,
  is_published boolean not null,
  primary key (version_id, language, place)
);
create index section_questions_section on private.section_questions (section_id) where is_published;
comment on table private.section_questions is
  'The words of questions_en and questions_es, one row per question.
  A cook''s question often shares more words with them than with the text.';
alter table private.section_questions enable row level security;

-- Words that open a section.

create table private.section_words (
  section_id uuid primary key references public.manual_sections (id) on delete cascade,
  organisation_id uuid not null,
  group_id uuid,
  words tsvector not null
) with (toast_tuple_target = 128);
alter table private.section_words alter column words set storage external;
-- No pending list (fastupdate): every search would read it until a vacuum, and the embedded Postgres runs none.
create index section_words_words on private.section_words using gin (words) with (fastupdate = off);
comment on table private.section_words is
  'All words of the published passages and questions of a section, each with private.word_mark before it.
  Rows are narrow, and words are stored outside: a search reads the owners of many rows and the words of few.';
alter table private.section_words enable row level security;

create function private.word_mark(_owner_id uuid, _language text) returns text
language sql immutable set search_path = ''
return right(_owner_id::text, 8) || right(_language, 1);
comment on function private.word_mark is
  'Owner and language, to put before each word: a GIN index would otherwise read the rows of all other handbooks.
  It only narrows the scan; the columns of the row decide.';

create function private.write_section_words(_section_ids uuid[]) returns void
language plpgsql set search_path = ''
as $$
declare
  -- Words of a question are shorter. A lexeme with its mark may have at most 2,046 bytes.
  _longest constant integer := 200;
  _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  delete from private.section_words w
    where w.section_id = any (_section_ids)
      and not exists (select from public.manual_passages p where p.section_id = w.section_id and p.is_published);
  insert into private.section_words as w (section_id, organisation_id, group_id, words)
    select t.section_id, t.organisation_id, t.group_id,
      array_to_tsvector(array_agg(distinct t.mark || l.lexeme))
    from (
      select p.section_id, p.organisation_id, p.group_id, p.fts,
        private.word_mark(coalesce(p.group_id, p.organisation_id), p.language) as mark
      from public.manual_passages p where p.section_id = any (_section_ids) and p.is_published
      union all
      select q.section_id, q.organisation_id, q.group_id, q.fts,
        private.word_mark(coalesce(q.group_id, q.organisation_id), q.language)
      from private.section_questions q where q.section_id = any (_section_ids) and q.is_published
    ) t
    cross join lateral unnest(tsvector_to_array(t.fts)) l (lexeme)
    where octet_length(l.lexeme) <= _longest
    group by t.section_id, t.organisation_id, t.group_id
    on conflict (section_id) do update
      set organisation_id = excluded.organisation_id, group_id = excluded.group_id, words = excluded.words;
  -- The search looks only for words of private.handbook_words.
  insert into private.handbook_words (organisation_id, group_key, language, lexeme, passages, sections, is_word)
    select distinct q.organisation_id, coalesce(q.group_id, _nobody), q.language, l.lexeme, 0, 0, false
    from private.section_questions q
    cross join lateral unnest(tsvector_to_array(q.fts)) l (lexeme)
    where q.section_id = any (_section_ids) and q.is_published and octet_length(l.lexeme) <= _longest
    order by 1, 2, 3, 4
    on conflict (organisation_id, group_key, language, lexeme) do nothing;
end
$$;
comment on function private.write_section_words is
  'Writes private.section_words for the published text of these sections.';

create function private.follow_section_words() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  _section_ids uuid[] := '{}';
begin
  if tg_op <> 'INSERT' then
    _section_ids := array(select distinct g.section_id from gone g where g.is_published);
  end if;
  if tg_op <> 'DELETE' then
    _section_ids := _section_ids || array(select distinct c.section_id from come c where c.is_published);
  end if;
  if _section_ids <> '{}' then
    perform private.write_section_words(_section_ids);
  end if;
  return null;
end
$$;
comment on function private.follow_section_words is 'Keeps private.section_words equal to the published passages.';

create trigger follow_new_words after insert on public.manual_passages
  referencing new table as come
  for each statement execute function private.follow_section_words();
create trigger follow_changed_words after update on public.manual_passages
  referencing old table as gone new table as come
  for each statement execute function private.follow_section_words();
create trigger follow_old_words after delete on public.manual_passages
  referencing old table as gone
  for each statement execute function private.follow_section_words();

create function private.write_section_questions() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    delete from private.section_questions q where q.version_id = new.id;
  end if;
  if new.status <> 'retired' then
    insert into private.section_questions
        (version_id, section_id, organisation_id, group_id, language, place, fts, is_published)
      select new.id, new.section_id, new.organisation_id, new.group_id, l.language, q.place,
        private.passage_fts(l.language, '', '', q.question), new.status = 'published'
      from (values ('en', new.questions_en), ('es', new.questions_es)) l (language, questions)
      cross join lateral unnest(l.questions) with ordinality q (question, place);
  end if;
  -- With a new status the passages change too, and their trigger writes the words of both.
  if tg_op = 'UPDATE' and new.status = 'published' and old.status = 'published' then
    perform private.write_section_words(array[new.section_id]);
  end if;
  return null;
end
$$;
comment on function private.write_section_questions is
  'Keeps private.section_questions equal to the versions that are not retired.';

-- Runs before publish_passages, by its name: that trigger writes the words of passages and questions.
create trigger keep_section_questions
  after insert or update of status, questions_en, questions_es, section_id, organisation_id, group_id
  on public.manual_section_versions
  for each row execute function private.write_section_questions();

revoke execute on all functions in schema private from public;
